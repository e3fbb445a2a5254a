// The rules across the fields of a jwt_secret: asymmetric algorithms need a key, and one that fits.
import type { Fields } from './collection.js'
import type { Report } from '../faults.js'
import { isJwsAlgorithm, isSymmetric, publicKeyFault } from '../../util/jws.js'
import { readPublicKey } from '../../util/pem.js'
import { reportCondition } from './rules.js'

// Kong leaves ES* out: that such a key is missing shows only when a token comes.
const mayLackKey = (algorithm: string): boolean => algorithm.startsWith('ES')

export function checkJwtSecret({ algorithm, rsa_public_key: pem }: Fields, report: Report): void {
  if (!isJwsAlgorithm(algorithm) || isSymmetric(algorithm)) return
  if ((pem ?? null) === null) {
    if (mayLackKey(algorithm)) return
    reportCondition(report, 'algorithm', 'rsa_public_key', 'required field missing')
  } else if (typeof pem === 'string' && pem !== '') {
    const key = readPublicKey(pem)
    if (key === undefined) {
      reportCondition(report, 'algorithm', 'rsa_public_key', 'invalid key')
      return
    }
    // Kong finds that out with each token, and answers 401 or 500.
    const fault = publicKeyFault(algorithm, key)
    if (fault !== null) report({ path: ['rsa_public_key'], message: fault })
  }
}
