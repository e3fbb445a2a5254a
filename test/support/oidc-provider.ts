// A real OpenID Connect issuer on the loopback: hands out tokens of clients, changes its keys, goes away and comes back, and
// counts what it is asked for.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import Provider from 'oidc-provider'
import { freePort } from './ports.js'
import { requestOnce } from './http-client.js'

export interface IssuerKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

export interface TestIssuer {
  readonly issuer: string
  readonly port: number
  /** Requests by path. */
  readonly asked: ReadonlyMap<string, number>
  /** The key that signs now. */
  readonly key: IssuerKey
  /** A token for that audience; opaque ones are known to the issuer alone. */
  token(options?: TokenOptions): Promise<string>
  revoke(token: string): Promise<void>
  /** Signs with a new key from now on; the old one is no longer published. */
  rotate(): void
  /** Refuses connections. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

export interface TokenOptions {
  readonly format?: 'jwt' | 'opaque'
  readonly scope?: string
}

export const CLIENT = { id: 'gate way', secret: 's3cret:with/odd+characters' } as const
const AUDIENCE = 'https://api.test'
const LIFETIME_S = 600

export async function startIssuer(): Promise<TestIssuer> {
  const issuer = new Issuer(await freePort())
  await issuer.comeBack()
  return issuer
}

class Issuer implements TestIssuer {
  readonly port: number
  readonly issuer: string
  readonly asked = new Map<string, number>()
  key: IssuerKey = newKey(1)
  #keys = 1
  #format: 'jwt' | 'opaque' = 'jwt'
  #handle: (request: IncomingMessage, response: ServerResponse) => void
  #server: Server | null = null

  constructor(port: number) {
    this.port = port
    this.issuer = `http://127.0.0.1:${port}`
    this.#handle = this.#provider().callback()
  }

  async token({ format = 'jwt', scope = 'read' }: TokenOptions = {}): Promise<string> {
    this.#format = format
    const fields = { grant_type: 'client_credentials', resource: AUDIENCE, scope }
    const { access_token: token } = (await this.#post('/token', fields)) as { access_token: string }
    return token
  }

  async revoke(token: string): Promise<void> {
    await this.#post('/token/revocation', { token })
  }

  rotate(): void {
    this.key = newKey(++this.#keys)
    this.#handle = this.#provider().callback()
  }

  async goAway(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }

  async comeBack(): Promise<void> {
    const server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      this.asked.set(path, (this.asked.get(path) ?? 0) + 1)
      this.#handle(request, response)
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
  }

  close(): Promise<void> {
    return this.goAway()
  }

  async #post(path: string, fields: Record<string, string>): Promise<unknown> {
    const answer = await requestOnce(
      this.port,
      'POST',
      path,
      {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${Buffer.from(`${formEncoded(CLIENT.id)}:${formEncoded(CLIENT.secret)}`).toString('base64')}`,
      },
      new URLSearchParams(fields).toString(),
    )
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    return answer.text === '' ? null : JSON.parse(answer.text)
  }

  #provider(): Provider {
    const { privateKey, kid } = this.key
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
    return new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      jwks: { keys: [jwk] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        introspection: { enabled: true },
        revocation: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({
            scope: 'read write',
            audience: AUDIENCE,
            accessTokenFormat: this.#format,
            accessTokenTTL: LIFETIME_S,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    })
  }
}

function newKey(number: number): IssuerKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid: `key-${number}`, privateKey }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
