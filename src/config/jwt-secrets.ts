// The rule across the fields of a jwt_secret: asymmetric algorithms need a key.
import { createPublicKey } from 'node:crypto'
import type { Fields } from './collections.js'
import type { Report } from './faults.js'
import { reportCondition } from './rules.js'

// Kong leaves ES* out: such a key is found wanting only when a token comes.
const NEEDS_KEY = /^(?:[RP]S(?:256|384|512)|EdDSA)$/

export function checkJwtSecret({ algorithm, rsa_public_key: key }: Fields, report: Report): void {
  if (typeof algorithm !== 'string' || !NEEDS_KEY.test(algorithm)) return
  if ((key ?? null) === null) {
    reportCondition(report, 'algorithm', 'rsa_public_key', 'required field missing')
  } else if (typeof key === 'string' && key !== '' && !isKey(key)) {
    reportCondition(report, 'algorithm', 'rsa_public_key', 'invalid key')
  }
}

/** A certificate has a key inside, but is none; a private key will do, since the public one follows from it. */
function isKey(pem: string): boolean {
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    createPublicKey(pem)
    return true
  } catch {
    // What OpenSSL says is of no help, and the text may hold a secret.
    return false
  }
}
