// Reads a declarative file, but never more than may be one: what is too large is refused before it fills the memory.
import { open } from 'node:fs/promises'
import { ConfigError, WHOLE_FILE } from '../errors/config-error.js'
import { MAX_BYTES } from '../config/index.js'

/**
 * @throws ConfigError for a file that is too large
 * @throws Error of the system for a file that cannot be read
 */
export async function readText(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    if ((await handle.stat()).size > MAX_BYTES) throw tooLarge(file)
    // Pipes and devices tell no size: they are read until they end, or are too long.
    return await readStream(handle.createReadStream({ autoClose: false }), file)
  } finally {
    await handle.close()
  }
}

/** @throws ConfigError for one that is too long */
export async function readStream(stream: AsyncIterable<unknown>, file: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw tooLarge(file)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes).toString('utf8')
}

function tooLarge(file: string): ConfigError {
  const limit = `${MAX_BYTES / 1024 / 1024} MB`
  const message = `failed parsing declarative configuration: larger than ${limit}`
  return new ConfigError([{ file, path: WHOLE_FILE, line: 0, column: 0, message }])
}
