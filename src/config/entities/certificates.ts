// What certificates and ca_certificates need beyond their schemas: that the parts belong together.
import type { CheckContext, Fields } from './collection.js'
import type { Report } from '../faults.js'
import { readCertificate, readPrivateKey } from '../../util/pem.js'

export function checkCertificate(fields: Fields, report: Report): void {
  const { cert, key, cert_alt: certAlt, key_alt: keyAlt } = fields
  if (((certAlt ?? null) === null) !== ((keyAlt ?? null) === null)) {
    const message = "all or none of these fields must be set: 'cert_alt', 'key_alt'"
    report({ path: [], message })
  }
  if (!isPair(cert, key)) {
    report({ path: [], message: 'certificate does not match key', place: ['key'] })
  }
  if (!isPair(certAlt, keyAlt)) {
    const message = 'alternative certificate does not match key'
    report({ path: [], message, place: ['key_alt'] })
  }
  const type = keyType(cert)
  if (type === undefined || type !== keyType(certAlt)) return
  const message =
    'certificate and alternative certificate need to have different type ' +
    '(e.g. RSA and ECDSA), the provided certificates were both of the same type'
  report({ path: [], message, place: ['cert_alt'] })
}

/** Whether they match, as far as they can be read. */
function isPair(cert: unknown, key: unknown): boolean {
  const certificate = readCertificate(cert)
  const privateKey = readPrivateKey(key)
  if (certificate === undefined || privateKey === undefined) return true
  return certificate.checkPrivateKey(privateKey)
}

function keyType(cert: unknown): string | undefined {
  return readCertificate(cert)?.publicKey.asymmetricKeyType
}

/** Kong computes the digest itself, whatever the file says. */
export function readCaCertificate(fields: Fields): boolean {
  const certificate = readCertificate(fields.cert)
  if (certificate !== undefined) {
    fields.cert_digest = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  }
  return true
}

export function checkCaCertificate({ cert }: Fields, report: Report, { now }: CheckContext): void {
  const certificate = readCertificate(cert)
  if (certificate === undefined || typeof cert !== 'string') return
  const refuse = (message: string) => {
    report({ path: [], message, place: ['cert'] })
  }
  if (cert.split('-----BEGIN CERTIFICATE-----').length > 2) {
    refuse('please submit only one certificate at a time')
  } else if (Date.parse(certificate.validTo) < now) {
    refuse('certificate expired, "Not After" time is in the past')
  } else if (!certificate.ca) {
    refuse('certificate does not appear to be a CA because it is missing the "CA" basic constraint')
  }
}
