// What TLS sessions with targets are made of and judged by: authorities, the longest chain, the certificate that we show.
import { hash, X509Certificate } from 'node:crypto'
import {
  checkServerIdentity,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
} from 'node:tls'

/** What we show to a target that asks who we are. PEM, the chain included. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

export interface TlsTermsFields {
  /** Refuse a certificate that does not verify. */
  readonly verify: boolean
  /** The most certificates that may stand between the target's own and that of an authority (nginx: ssl_verify_depth). */
  readonly depth: number
  /** Whom to trust, PEM, one certificate each; without any nobody is. */
  readonly authorities: readonly string[]
  readonly client: ClientCertificate | null
}

/** Its keys are private fields, so that no logger that is handed a target can write them. */
export class TlsTerms {
  /** Equal for terms that are equal in all that counts, whatever the entities behind them are called. */
  readonly key: string
  readonly verify: boolean
  readonly #depth: number
  readonly #authorities: readonly string[]
  readonly #client: ClientCertificate | null
  #context: SecureContext | null = null
  #trusted: readonly X509Certificate[] | null = null

  constructor({ verify, depth, authorities, client }: TlsTermsFields) {
    this.verify = verify
    this.#depth = depth
    // Whom nobody asks about need not be read.
    this.#authorities = verify ? [...new Set(authorities)].sort() : []
    this.#client = client
    const judged = verify ? [depth, this.#authorities] : null
    const shown = client === null ? null : [client.cert, client.key]
    this.key = hash('sha256', JSON.stringify([judged, shown]), 'base64')
  }

  /** No target can satisfy that. */
  get trustsNobody(): boolean {
    return this.verify && this.#authorities.length === 0
  }

  /** Made at the first use, and kept. */
  secureContext(): SecureContext {
    return (this.#context ??= createSecureContext({
      ca: [...this.#authorities],
      ...(this.#client !== null && { cert: this.#client.cert, key: this.#client.key }),
    }))
  }

  /**
   * What is wrong with a certificate that verifies as such. node:tls asks once per session, before anything is sent.
   * @param name the host name or address that it has to be for
   */
  faultOf(name: string, certificate: DetailedPeerCertificate): Error | undefined {
    const fault = checkServerIdentity(name, certificate)
    if (fault !== undefined) return fault
    this.#trusted ??= this.#authorities.map((pem) => new X509Certificate(pem))
    if (intermediatesOf(certificate, this.#trusted) <= this.#depth) return undefined
    return Object.assign(new Error('certificate chain too long'), { code: 'CERT_CHAIN_TOO_LONG' })
  }
}

/** Past any depth that can be asked for; what comes from a target has to have an end. */
const LONGEST_CHAIN = 100

/**
 * How many certificates stand between the target's own and the nearest authority. node:tls has no such limit, and what it
 * shows of the chain is what the target sent: that may go on past an authority that we know, to one that we do not.
 */
function intermediatesOf(
  own: DetailedPeerCertificate,
  trusted: readonly X509Certificate[],
): number {
  let current = own
  for (let count = 0; count < LONGEST_CHAIN; count++) {
    const certificate = new X509Certificate(current.raw)
    if (trusted.some((authority) => isIssuedBy(certificate, authority))) return count
    const issuer = current.issuerCertificate as DetailedPeerCertificate | undefined
    if (issuer === undefined || issuer === current) break
    current = issuer
  }
  return Infinity
}

/** By a root: those in between do not end a chain, as with OpenSSL, even when they are trusted by name. */
function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return (
    certificate.checkIssued(authority) &&
    authority.checkIssued(authority) &&
    certificate.verify(authority.publicKey)
  )
}
