// The rule across the fields of a jwt_secret: asymmetric algorithms need a key.
import type { Fields } from './collection.js'
import type { Report } from '../faults.js'
import { readPublicKey } from '../../util/pem.js'
import { reportCondition } from './rules.js'

// Kong leaves ES* out: such a key is found wanting only when a token comes.
const NEEDS_KEY = /^(?:[RP]S(?:256|384|512)|EdDSA)$/

export function checkJwtSecret({ algorithm, rsa_public_key: key }: Fields, report: Report): void {
  if (typeof algorithm !== 'string' || !NEEDS_KEY.test(algorithm)) return
  if ((key ?? null) === null) {
    reportCondition(report, 'algorithm', 'rsa_public_key', 'required field missing')
  } else if (typeof key === 'string' && key !== '' && readPublicKey(key) === undefined) {
    reportCondition(report, 'algorithm', 'rsa_public_key', 'invalid key')
  }
}
