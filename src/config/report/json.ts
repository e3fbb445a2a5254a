// For programs of one's own: the problems as they are.
import type { Problem } from '../../errors/config-error.js'
import { toJson, type ProblemReport } from './format.js'

/** `{"valid": …, "errors": […], "warnings": […]}` on several lines. */
export function json({ errors, warnings }: ProblemReport): string {
  const [faults, doubts] = [errors, warnings].map((problems) => problems.map(printed))
  return toJson({ valid: errors.length === 0, errors: faults, warnings: doubts })
}

/** What there is to say of it; what has not been said is left out. */
function printed({ file, path, line, column, message, hint, rule }: Problem): object {
  return { file, path, line, column, message, hint, rule }
}
