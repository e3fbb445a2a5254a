// Certificates and keys as PEM. What OpenSSL says of a bad one is of no help, and neither it nor the text is shown.
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'

/** The first certificate of a chain; undefined for anything else. */
export function readCertificate(pem: unknown): X509Certificate | undefined {
  return typeof pem === 'string' ? attempt(() => new X509Certificate(pem)) : undefined
}

export function readPrivateKey(pem: unknown): KeyObject | undefined {
  return typeof pem === 'string' ? attempt(() => createPrivateKey(pem)) : undefined
}

/** A certificate has a key inside, but is none. From a private key the public one follows. */
export function readPublicKey(pem: unknown): KeyObject | undefined {
  if (typeof pem !== 'string' || pem.includes('-----BEGIN CERTIFICATE-----')) return undefined
  return attempt(() => createPublicKey(pem))
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
