// Certificate and key are read and matched before a listener gets them: uWebSockets.js says nothing but that it
// failed, and with some faulty files it listens and fails every handshake.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { TlsFiles } from './engine.js'

/** Throws with a message that names the file at fault. */
export function checkTlsFiles(files: TlsFiles): void {
  const cert = read(files.certFile, 'certificate')
  const key = read(files.keyFile, 'key')
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw new Error(
      `certificate ${files.certFile} and key ${files.keyFile} do not work together: ${reasonOf(cause)}`,
      { cause },
    )
  }
}

function read(file: string, what: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Error(`cannot read the ${what}: ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
