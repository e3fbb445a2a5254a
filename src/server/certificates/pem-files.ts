// Certificates as files, for uWebSockets.js, which takes nothing else. It reads a file when it is named and not later,
// so what is written here is gone again before anybody connects.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from './certificate.js'

export interface PemFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Runs `use`, which may ask for the files of any certificate; they are removed when it returns or throws. */
export function withPemFiles<T>(use: (filesOf: (certificate: Certificate) => PemFiles) => T): T {
  const written = new Map<Certificate, PemFiles>()
  let folder = ''
  const filesOf = (certificate: Certificate): PemFiles => {
    const pair = certificate.firstPair()
    if (pair.areFiles) return { certFile: pair.certName, keyFile: pair.keyName }
    const known = written.get(certificate)
    if (known !== undefined) return known
    // mkdtemp makes a folder that only its owner may enter (0700).
    if (folder === '') folder = mkdtempSync(join(tmpdir(), 'gw-tls-'))
    const files = {
      certFile: join(folder, `${written.size}.crt`),
      keyFile: join(folder, `${written.size}.key`),
    }
    writeFileSync(files.certFile, pair.cert, { mode: 0o600, flag: 'wx' })
    writeFileSync(files.keyFile, pair.key, { mode: 0o600, flag: 'wx' })
    written.set(certificate, files)
    return files
  }
  try {
    return use(filesOf)
  } finally {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  }
}
