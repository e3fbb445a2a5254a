// An answer as Redis keeps it: the length of what is known about it, that as JSON, and the body.
import type { HeaderLines } from 'gw/plugin'
import type { Entry } from './store.js'

const LENGTH_BYTES = 4

export function bytesOfEntry({ body, ...known }: Entry): Buffer {
  // Infinity, for an answer that is kept for ever, becomes null.
  const text = Buffer.from(JSON.stringify(known))
  const length = Buffer.allocUnsafe(LENGTH_BYTES)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text, body])
}

/** Null for what this plugin has not written: others have a hand in Redis, too. */
export function entryOfBytes(bytes: Buffer): Entry | null {
  if (bytes.length < LENGTH_BYTES) return null
  const end = LENGTH_BYTES + bytes.readUInt32BE()
  if (end > bytes.length) return null
  const known = parsed(bytes.toString('utf8', LENGTH_BYTES, end))
  if (known === null) return null
  const { identity, key, status, headers, storedAt, ttl, mayBeStale } = known
  if (typeof identity !== 'string' || typeof key !== 'string') return null
  if (!isStatus(status) || !isLines(headers)) return null
  if (typeof storedAt !== 'number' || typeof ttl !== 'number') return null
  return {
    identity,
    key,
    status,
    headers,
    body: bytes.subarray(end),
    storedAt,
    ttl,
    staleFrom: instantOf(known.staleFrom),
    keptUntil: instantOf(known.keptUntil),
    mayBeStale: mayBeStale === true,
  }
}

function parsed(text: string): Partial<Record<keyof Entry, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null // not ours
  }
}

function instantOf(value: unknown): number {
  return typeof value === 'number' ? value : Infinity
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Bytes, and nothing that would end the line. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function isLines(value: unknown): value is HeaderLines {
  return (
    Array.isArray(value) &&
    value.every((line: unknown) => {
      if (!Array.isArray(line) || line.length !== 2) return false
      const [name, text] = line as readonly unknown[]
      return (
        typeof name === 'string' && NAME.test(name) && typeof text === 'string' && VALUE.test(text)
      )
    })
  )
}
