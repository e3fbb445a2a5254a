// A certificate that can be served: its pairs fit together, and node:tls takes them.
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { describeError } from '../../errors/describe.js'
import { readCertificate, readPrivateKey } from '../../util/pem.js'
import { contextOptions, type HandshakeSettings } from './handshake.js'

/** A certificate with its chain, and the private key that belongs to it. */
export interface KeyPair {
  /** PEM. */
  readonly cert: string
  /** PEM, without a password. */
  readonly key: string
  /** For messages: the file, or the place in the configuration. */
  readonly certName: string
  readonly keyName: string
  /** Whether those names are files that hold just this. */
  readonly areFiles: boolean
}

/** Its keys are private fields, so that no logger that is handed a certificate can write them. */
export class Certificate {
  readonly #pairs: readonly KeyPair[]
  readonly #options: SecureContextOptions

  /**
   * @param pairs the first one counts where only one can be served; others have another kind of key (RSA, ECDSA)
   * @throws Error that names the file or the field at fault
   */
  constructor(pairs: readonly KeyPair[], handshake: HandshakeSettings) {
    for (const pair of pairs) checkPair(pair)
    this.#pairs = pairs
    this.#options = {
      ...contextOptions(handshake),
      cert: pairs.map(({ cert }) => cert),
      key: pairs.map(({ key }) => key),
    }
    try {
      createSecureContext(this.#options)
    } catch (cause) {
      // What OpenSSL says names the rule that is broken, such as `ee key too small`, and shows nothing of the key.
      throw new Error(`${namesOf(pairs)}: ${describeError(cause)}`, { cause })
    }
  }

  get hasAlternative(): boolean {
    return this.#pairs.length > 1
  }

  /** The pair for a library that takes only one. */
  firstPair(): KeyPair {
    const [first] = this.#pairs
    if (first === undefined) throw new TypeError('a certificate has no pair')
    return first
  }

  /** For node:tls, which takes them: that has been tried. */
  contextOptions(): SecureContextOptions {
    return this.#options
  }

  isMadeOf(pairs: readonly KeyPair[]): boolean {
    const own = this.#pairs
    return (
      own.length === pairs.length &&
      own.every(({ cert, key }, i) => cert === pairs[i]?.cert && key === pairs[i].key)
    )
  }
}

function checkPair({ cert, key, certName, keyName }: KeyPair): void {
  const certificate = readCertificate(cert)
  if (certificate === undefined) throw new Error(`${certName} is no certificate in PEM`)
  const privateKey = readPrivateKey(key)
  if (privateKey === undefined) {
    throw new Error(`${keyName} is no private key in PEM without a password`)
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(`certificate ${certName} and key ${keyName} do not belong together`)
  }
}

function namesOf(pairs: readonly KeyPair[]): string {
  return pairs.map(({ certName }) => certName).join(' and ')
}
