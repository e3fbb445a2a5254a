// What the Admin API asks and orders, of the memory of a worker and of the Redis servers that it uses.
import { RedisError } from 'gw/plugin'
import type { RemoteEntries } from './remote.js'
import { shownEntry, type Entry, type EntryStore } from './store.js'

export type Question =
  | { readonly kind: 'clear' }
  | { readonly kind: 'find'; readonly key: string }
  | { readonly kind: 'drop'; readonly key: string }

/** In the place of an answer: a Redis does not serve, and may keep what was asked for. */
const AWAY = 'away'

/** To `find` the answer as Kong shows it, or null; to `drop` whether there was one; to `clear` null; or `away`. */
export async function answerTo(
  question: Question,
  entries: EntryStore,
  remotes: readonly RemoteEntries[],
  now: number,
): Promise<unknown> {
  // Uses with the same settings share a connection, and so all that is kept behind it.
  const servers = new Map(remotes.map((remote) => [remote.redis, remote])).values()
  try {
    switch (question.kind) {
      case 'clear':
        entries.clear()
        for (const remote of servers) await remote.clear()
        return null
      case 'find': {
        let [entry]: readonly (Entry | null | undefined)[] = entries.byKey(question.key, now)
        for (const remote of servers) entry ??= await remote.find(question.key, now)
        return entry ? shownEntry(entry) : null
      }
      case 'drop': {
        const dropped = entries.byKey(question.key, now)
        for (const { identity } of dropped) entries.delete(identity)
        let isDropped = dropped.length > 0
        for (const remote of servers) {
          if (await remote.delete(question.key)) isDropped = true
        }
        return isDropped
      }
    }
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    return AWAY
  }
}
