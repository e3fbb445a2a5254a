// Which of the routes that a file may have this version can match.
import { asksForUnknown, isPcreOnly } from '../config/entities/unserved-routes.js'
import type { Route } from '../model/entities.js'

/** Whether this version can match it. */
export function isServed(route: Route): boolean {
  return !asksForUnknown(route.expression)
}

/** Whether requests can be made up that it is for: expressions and PCRE's own patterns are not taken apart for that. */
export function hasExamples(route: Route): boolean {
  const isClassic = isServed(route) && typeof route.expression !== 'string'
  return isClassic && route.paths?.some(isPcreOnly) !== true
}
