// Certificates of the settings (ssl_cert, client_ssl_cert ...): each entry is a file, PEM as text, or PEM in base64.
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { KeyPair } from './certificate.js'

/** Entries as written; the second list has the keys in the order of the first. */
export interface DefaultPairSource {
  readonly certs: readonly string[]
  readonly keys: readonly string[]
}

const PEM_START = '-----BEGIN '

/**
 * Reads the files anew at each call, so that a reload finds what has been renewed.
 * @throws Error that names the file at fault
 */
export function readDefaultPairs({ certs, keys }: DefaultPairSource): readonly KeyPair[] {
  return certs.map((entry, index) => {
    const cert = readPem(entry, `entry ${index + 1} of ssl_cert`, 'certificate')
    const key = readPem(keys[index] ?? '', `entry ${index + 1} of ssl_cert_key`, 'key')
    return pairOf(cert, key)
  })
}

/**
 * @param setting the certificate's; that of the key ends in _key
 * @throws Error that names the file at fault
 */
export function readDefaultPair(
  { cert, key }: Readonly<Record<'cert' | 'key', string>>,
  setting: string,
): KeyPair {
  return pairOf(readPem(cert, setting, 'certificate'), readPem(key, `${setting}_key`, 'key'))
}

function pairOf(cert: Entry, key: Entry): KeyPair {
  return {
    cert: cert.text,
    key: key.text,
    certName: cert.name,
    keyName: key.name,
    areFiles: cert.isFile && key.isFile,
  }
}

interface Entry {
  readonly text: string
  readonly name: string
  readonly isFile: boolean
}

/**
 * @param name of the setting, shown where the entry may be a secret
 * @throws Error that names the file at fault
 */
export function readPem(entry: string, name: string, what: string): Entry {
  const text = textOf(entry)
  if (text !== null) return { text, name, isFile: false }
  try {
    return { text: readFileSync(entry, 'utf8'), name: entry, isFile: true }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // What is no path may be a key that went wrong on its way here: neither it is shown, nor an error that has it.
    const shown = isAbsolute(entry) || entry.includes('.') ? entry : name
    throw new Error(`cannot read the ${what}: ${shown} (${code ?? 'not the name of a file'})`)
  }
}

/** PEM that is written out in the setting itself, or null. */
function textOf(entry: string): string | null {
  if (entry.startsWith(PEM_START)) return entry
  if (!/^[A-Za-z0-9+/\s]{40,}={0,2}$/.test(entry)) return null
  const decoded = Buffer.from(entry, 'base64').toString('latin1')
  return decoded.startsWith(PEM_START) ? decoded : null
}
