// What POST /config has brought to a gateway that has no file: kept in the prefix for the next start, as Kong keeps it in
// its own store.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigSource } from './config-source.js'
import { IN_PREFIX, replaceFile } from './prefix.js'

/** @throws Error when the prefix cannot be written */
export function keepPosted(prefix: string, text: string): void {
  replaceFile(join(prefix, IN_PREFIX.posted), text)
}

/** Null when nothing has been kept. */
export function findPosted(prefix: string): ConfigSource | null {
  const name = join(prefix, IN_PREFIX.posted)
  try {
    return { kind: 'text', text: readFileSync(name, 'utf8'), name }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
