// Keys that stand twice in one map. Kong takes the last without a word, and so do we, but with one.
import type { Document } from '../document.js'
import type { Fault } from '../faults.js'

export function duplicateKeys(document: Document): Fault[] {
  return document.repeatedKeys.map(({ path, first }) => {
    const { line, column } = document.placeAt(first)
    return {
      path,
      part: 'key',
      message: `duplicate key: this one counts, the one at ${line}:${column} does not`,
      hint: 'keep one of them',
      rule: 'duplicate-key',
    }
  })
}
