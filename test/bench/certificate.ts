// What every server of a measurement over TLS shows: one certificate, ECDSA on P-256, made for this run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '../support/certificates.js'

export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

let files: CertificateFiles | null = null

/** Made at the first call; gone with the process. */
export function certificateFiles(): CertificateFiles {
  return (files ??= make())
}

function make(): CertificateFiles {
  const { cert, key } = makeCertificate('DNS:localhost,IP:127.0.0.1')
  const folder = mkdtempSync(join(tmpdir(), 'gw-bench-tls-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  return { certFile, keyFile }
}
