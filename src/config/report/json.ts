// For programs of one's own: the problems as they are.
import { toJson, type ProblemReport } from './format.js'

/** `{"valid": …, "errors": […], "warnings": […]}` on several lines. */
export function json({ errors, warnings }: ProblemReport): string {
  return toJson({ valid: errors.length === 0, errors, warnings })
}
