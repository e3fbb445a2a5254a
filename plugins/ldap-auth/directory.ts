// One directory as a worker knows it: what it has said of users, the questions that are on their way, and whether it serves.
import { createHmac, randomBytes } from 'node:crypto'
import { hostAndPort, uuidV5, type Logger, type CallerCredential } from 'gw/plugin'
import type { LdapServer } from './connection.js'
import { LdapError } from './ldap-error.js'
import { dnOf, type Login } from './login.js'
import { Verdicts } from './verdicts.js'

/** How many verdicts of a kind are kept. Those who guess passwords push out what was wrong, never what was right. */
const MAX_VERDICTS = 10_000
/** Requests that wait for the server: beyond, one is answered at once. */
const MAX_WAITING = 10_000

const ID_NAMESPACE = '0d2a7c5e-3b1f-5c68-9a44-6d1c60f0c1a7'

export interface DirectorySettings {
  readonly server: LdapServer
  readonly verifiesHost: boolean
  readonly keepaliveMs: number
  readonly baseDn: string
  readonly attribute: string
  /** How long a verdict is kept; 0 to keep none. */
  readonly ttlMs: number
}

/** What a directory vouches for, or null for a user that it does not know by this password. */
export type Verdict = CallerCredential | null

export interface DirectoryMeans {
  /** The result code of a simple bind. Rejects with LdapError. */
  bind(dn: string, password: string): Promise<number>
  readonly log: Logger
  /** Milliseconds of a clock that never goes back. */
  now(): number
}

const SUCCESS = 0
/** By these a server says something of itself rather than of the user (RFC 4511, A.2). */
const OWN_TROUBLES: ReadonlyMap<number, string> = new Map([
  [1, 'operationsError'],
  [2, 'protocolError'],
  [7, 'authMethodNotSupported'],
  [8, 'strongerAuthRequired'],
  [13, 'confidentialityRequired'],
  [51, 'busy'],
  [52, 'unavailable'],
])
const PASSING: ReadonlySet<number> = new Set([51, 52])

export class Directory {
  readonly #settings: DirectorySettings
  readonly #means: DirectoryMeans
  readonly #name: string
  /** Under a key of its own, so that the texts behind the hashes cannot be found in a list made before. */
  readonly #secret = randomBytes(32)
  readonly #accepted: Verdicts<CallerCredential>
  readonly #refused: Verdicts<null>
  /** Questions that are on their way: who asks the same waits for the same answer. */
  readonly #asked = new Map<string, Promise<Verdict>>()
  #waiting = 0
  /** What the log has been told, until it is over. */
  #trouble: string | null = null

  constructor(settings: DirectorySettings, means: DirectoryMeans) {
    this.#settings = settings
    this.#means = means
    this.#name = hostAndPort(settings.server.host, settings.server.port)
    this.#accepted = new Verdicts(MAX_VERDICTS, settings.ttlMs)
    this.#refused = new Verdicts(MAX_VERDICTS, settings.ttlMs)
  }

  /** At once when it has been said not long ago. Rejects with LdapError when the directory gives no answer. HOT PATH */
  judge(login: Login): Verdict | Promise<Verdict> {
    const key = this.#keyOf(login)
    const now = this.#means.now()
    const known = this.#accepted.get(key, now) ?? this.#refused.get(key, now)
    return known === undefined ? this.#wait(key, login) : known
  }

  /** No password is kept, and none can be found by its hash without the key: a short one would show in a weaker hash. */
  #keyOf({ username, password }: Login): string {
    return createHmac('sha256', this.#secret).update(`${username}\0${password}`).digest('base64')
  }

  async #wait(key: string, login: Login): Promise<Verdict> {
    if (this.#waiting >= MAX_WAITING) {
      throw this.#suffer(LdapError.of('crowded', `${MAX_WAITING} requests wait for an answer`))
    }
    let asked = this.#asked.get(key)
    if (asked === undefined) {
      asked = this.#ask(key, login).finally(() => this.#asked.delete(key))
      this.#asked.set(key, asked)
    }
    this.#waiting++
    try {
      return await asked
    } finally {
      this.#waiting--
    }
  }

  async #ask(key: string, login: Login): Promise<Verdict> {
    const { attribute, baseDn } = this.#settings
    let code: number
    try {
      code = await this.#means.bind(dnOf(login.username, attribute, baseDn), login.password)
    } catch (error) {
      if (!(error instanceof LdapError)) throw error
      this.#suffer(error)
      // Kong: a server with which TLS cannot be agreed on counts as one that refuses.
      if (error.trouble !== 'handshake') throw error
      this.#refused.set(key, null, this.#means.now())
      return null
    }
    this.#listen(code)
    if (code === SUCCESS) {
      const credential = this.#credentialOf(login.username)
      this.#accepted.set(key, credential, this.#means.now())
      return credential
    }
    if (!PASSING.has(code)) this.#refused.set(key, null, this.#means.now())
    return null
  }

  /** Whoever the name is spelled like counts as one user, as in a directory: limits by credential rely on it. */
  #credentialOf(username: string): CallerCredential {
    const { server, attribute, baseDn } = this.#settings
    const name = username.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
    const place = [server.host.toLowerCase(), server.port, attribute, baseDn, name]
    const id = uuidV5(ID_NAMESPACE, JSON.stringify(place))
    return { id, username, consumer: null }
  }

  #listen(code: number): void {
    const own = OWN_TROUBLES.get(code)
    if (own !== undefined) {
      this.#tell(own, `the server refuses every user: result code ${code} (${own})`)
    } else if (this.#trouble !== null) {
      this.#trouble = null
      this.#means.log.notice({ ldap: this.#name }, 'the LDAP server serves again')
    }
  }

  #suffer(fault: LdapError): LdapError {
    this.#tell(fault.trouble, fault.message)
    return fault
  }

  /** Once until it is over, not for each request. */
  #tell(trouble: string, cause: string): void {
    if (this.#trouble !== null) return
    this.#trouble = trouble
    this.#means.log.warn({ ldap: this.#name, trouble, cause }, 'the LDAP server does not serve')
  }
}
