// Certificates for tests, made anew each time so that none expires in the repository.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const NEW_KEY = {
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  rsa: ['rsa:2048'],
} as const

/** A certificate that is its own authority. @param names as in subjectAltName: `DNS:a.test,IP:127.0.0.1` */
export function makeCertificate(names: string, kind: keyof typeof NEW_KEY = 'ec'): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'gw-certificate-'))
  const keyFile = join(folder, 'key.pem')
  const certFile = join(folder, 'cert.pem')
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', ...NEW_KEY[kind], '-nodes'],
        ...['-days', '2', '-subj', '/CN=test', '-addext', `subjectAltName=${names}`],
        ...['-keyout', keyFile, '-out', certFile],
      ],
      { stdio: 'pipe' },
    )
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
