// The rule across the fields of a consumer.
import type { Fields } from './collection.js'
import type { Report } from '../faults.js'

export function checkConsumer({ username, custom_id }: Fields, report: Report): void {
  if ((username ?? null) !== null || (custom_id ?? null) !== null) return
  report({
    path: [],
    message: "at least one of these fields must be non-empty: 'custom_id', 'username'",
  })
}
