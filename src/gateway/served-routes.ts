// Which of the routes that a file may have this version can match.
import { isPcreOnly } from '../config/entities/unserved-routes.js'
import type { Route } from '../model/entities.js'

/** Whether this version can match it. */
export function isServed(route: Route): boolean {
  if ('expression' in route && route.expression !== null) return false
  return route.paths?.some(isPcreOnly) !== true
}
