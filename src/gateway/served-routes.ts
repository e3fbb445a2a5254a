// Which of the routes that a file may have this version can match.
import { asksForUnknown, isPcreOnly } from '../config/entities/unserved-routes.js'
import type { Route } from '../model/entities.js'

/** Whether this version can match it. */
export function isServed(route: Route): boolean {
  return !asksForUnknown(route.expression) && route.paths?.some(isPcreOnly) !== true
}

/** Whether requests can be made up that it is for: what an expression asks for is not taken apart for that. */
export function hasExamples(route: Route): boolean {
  return isServed(route) && typeof route.expression !== 'string'
}
