// What plugins leave each other with a request: one or two things, for which a Map would cost more than they do.
import type { ContextKey } from '../plugin/contract.js'

export interface Note {
  readonly key: ContextKey<unknown>
  value: unknown
  readonly next: Note | null
}

export function findNote(first: Note | null, key: ContextKey<unknown>): Note | null {
  let note = first
  while (note !== null && note.key !== key) note = note.next
  return note
}
