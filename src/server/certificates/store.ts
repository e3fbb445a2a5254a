// Which certificate a client is shown, by the name that it asks for (Kong: kong/runloop/certificate.lua).
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ServedCertificate } from '../../model/entities.js'
import { Certificate, type KeyPair } from './certificate.js'
import type { HandshakeSettings } from './handshake.js'

/** Everything that is served, ready to take the place of what was served before. */
export interface CertificateSet {
  /** For clients that ask for no name, or for one that has no certificate. */
  readonly fallback: Certificate
  /** By SNI in lower case, with wildcards as they stand in the file. */
  readonly byName: ReadonlyMap<string, Certificate>
  /** Names that routes ask for, in lower case: an engine that must know names beforehand is to know these as well. */
  readonly routeNames: readonly string[]
}

export interface CertificateSource {
  readonly fallback: readonly KeyPair[]
  readonly certificates: readonly ServedCertificate[]
  readonly routeNames: readonly string[]
}

/** Making a context costs 0.8 ms; so many are made before others get a turn. */
const AT_ONCE = 8

const ANY_NAME = '*'

export class CertificateStore {
  readonly handshake: HandshakeSettings
  #current: CertificateSet | null = null
  readonly #listeners = new Set<() => void>()

  constructor(handshake: HandshakeSettings) {
    this.handshake = handshake
  }

  /**
   * Makes what is to be served; nothing changes until `replace`. What is served already is taken over as it is.
   * @throws Error that names the file or the entity at fault
   */
  async prepare(source: CertificateSource): Promise<CertificateSet> {
    const known = new Map<string, Certificate>()
    for (const one of this.#all()) known.set(one.firstPair().cert, one)
    let made = 0
    const make = async (pairs: readonly KeyPair[]): Promise<Certificate> => {
      const old = known.get(pairs[0]?.cert ?? '')
      if (old?.isMadeOf(pairs) === true) return old
      if (++made % AT_ONCE === 0) await nextTurn()
      return new Certificate(pairs, this.handshake)
    }
    const fallback = await make(source.fallback)
    const byName = new Map<string, Certificate>()
    for (const served of source.certificates) {
      const certificate = await make(pairsOf(served))
      for (const name of served.names) byName.set(name.toLowerCase(), certificate)
    }
    return {
      fallback,
      byName,
      routeNames: source.routeNames.map((name) => name.toLowerCase()),
    }
  }

  /** From now on new connections get these; those that are open keep what they have. */
  replace(set: CertificateSet): void {
    const isNews = this.#current === null || !isSame(this.#current, set)
    this.#current = set
    if (!isNews) return
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` at every `replace` that changes something, until what it returns is called. */
  onReplace(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get current(): CertificateSet {
    if (this.#current === null) throw new TypeError('no certificates have been put in yet')
    return this.#current
  }

  /** @param serverName as the client sent it; empty without one */
  find(serverName: string): Certificate {
    return findIn(this.current, serverName)
  }

  #all(): readonly Certificate[] {
    if (this.#current === null) return []
    return [this.#current.fallback, ...this.#current.byName.values()]
  }
}

/** Kong's order: the name itself, `*.parent`, `name.*`, `*`, the default. A wildcard stands for one label. */
export function findIn({ byName, fallback }: CertificateSet, serverName: string): Certificate {
  if (serverName === '' || byName.size === 0) return fallback
  const name = serverName.toLowerCase()
  return (
    byName.get(name) ??
    byName.get(parentWildcard(name)) ??
    byName.get(suffixWildcard(name)) ??
    byName.get(ANY_NAME) ??
    fallback
  )
}

/** `a.b.test` -> `*.b.test`. Kong: not for `a.test`, as nobody has a certificate for `*.test`. */
function parentWildcard(name: string): string {
  const first = name.indexOf('.')
  return first < 0 || first === name.lastIndexOf('.') ? '' : `*${name.slice(first)}`
}

/** `a.b.test` -> `a.b.*` */
function suffixWildcard(name: string): string {
  const last = name.lastIndexOf('.')
  return last < 0 ? '' : `${name.slice(0, last)}.*`
}

function isSame(a: CertificateSet, b: CertificateSet): boolean {
  return (
    a.fallback === b.fallback &&
    a.byName.size === b.byName.size &&
    Array.from(a.byName).every(([name, certificate]) => b.byName.get(name) === certificate) &&
    a.routeNames.join() === b.routeNames.join()
  )
}

function pairsOf({ place, cert, key, cert_alt, key_alt }: ServedCertificate): readonly KeyPair[] {
  const pair = { cert, key, certName: `${place}.cert`, keyName: `${place}.key`, areFiles: false }
  if (cert_alt === null || key_alt === null) return [pair]
  const names = { certName: `${place}.cert_alt`, keyName: `${place}.key_alt` }
  return [pair, { ...names, cert: cert_alt, key: key_alt, areFiles: false }]
}
