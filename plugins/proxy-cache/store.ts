// The answers that a worker keeps: those used last, up to a bound in bytes.
import type { HeaderLines } from 'gw/plugin'

export interface Entry {
  /** What it is looked up by. */
  readonly identity: string
  /** What it is called by outside. */
  readonly key: string
  readonly status: number
  readonly headers: HeaderLines
  readonly body: Buffer
  /** ms since the epoch. */
  readonly storedAt: number
  /** Seconds for which it is fresh. */
  readonly ttl: number
  /** From then on it is stale whatever anybody asks for; ms since the epoch. */
  readonly staleFrom: number
  /** ms since the epoch. */
  readonly keptUntil: number
  /** The target has not forbidden that it is used when it is no longer fresh. */
  readonly mayBeStale: boolean
}

/** What an entry takes besides its texts and its body: objects, arrays, the place in the map. Measured, rounded up. */
const ENTRY_BYTES = 1024
const LINE_BYTES = 64

export class EntryStore {
  readonly #maxBytes: number
  /** Those used last come last. */
  readonly #entries = new Map<string, { readonly entry: Entry; readonly bytes: number }>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }
  get size(): number {
    return this.#entries.size
  }

  /** HOT PATH */
  get(identity: string, now: number): Entry | null {
    const held = this.#entries.get(identity)
    if (held === undefined) return null
    this.#entries.delete(identity)
    if (held.entry.keptUntil <= now) {
      this.#bytes -= held.bytes
      return null
    }
    this.#entries.set(identity, held)
    return held.entry
  }

  /** Gives up those not used for longest to make room. */
  set(entry: Entry): void {
    this.delete(entry.identity)
    const bytes = bytesOf(entry)
    if (bytes > this.#maxBytes) return
    this.#entries.set(entry.identity, { entry, bytes })
    this.#bytes += bytes
    for (const identity of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.delete(identity)
    }
  }

  delete(identity: string): void {
    const held = this.#entries.get(identity)
    if (held === undefined) return
    this.#entries.delete(identity)
    this.#bytes -= held.bytes
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  /** All of that key, mostly one. Looks at every entry: for the Admin API, not for requests. */
  byKey(key: string, now: number): readonly Entry[] {
    return Array.from(this.#entries.values(), ({ entry }) => entry).filter(
      (entry) => entry.key === key && entry.keptUntil > now,
    )
  }
}

/** As Kong's Admin API shows it. */
export function shownEntry({ status, headers, body, storedAt, ttl }: Entry): object {
  const shown = new Map<string, string | string[]>()
  for (const [name, value] of headers) {
    const before = shown.get(name)
    shown.set(name, before === undefined ? value : [before, value].flat())
  }
  return {
    version: 1,
    status,
    headers: Object.fromEntries(shown),
    body: body.toString(),
    body_len: body.length,
    timestamp: Math.floor(storedAt / 1000),
    ttl,
  }
}

function bytesOf({ identity, headers, body }: Entry): number {
  let bytes = ENTRY_BYTES + 2 * identity.length + body.length
  for (const [name, value] of headers) bytes += LINE_BYTES + name.length + value.length
  return bytes
}
