// The plugin oauth2 in memory, as an application, its users and the target find it.
import type { Credential } from '../../src/model/entities.js'
import type { SharedStore } from '../../src/plugin/shared-store.js'
import oauth2 from '../../plugins/oauth2/index.js'
import { fakeContext, type FakeContext, type FakeRequest } from './fake-context.js'
import { fakeConsumer, fakeCredential, fakeService, fakeStore } from './fake-entities.js'
import { prepared } from './plugin-config.js'
import { memoryStore, silentEnv } from './plugin-env.js'

export const PROVISION_KEY = 'provision'
export const SECRET = 'app-secret'
export const CALLBACK = 'https://app.test/cb?own=1'
/** Milliseconds since the epoch. */
export const START = 1_700_000_000_000

export const app = fakeConsumer({ id: 'app-id', username: 'app', custom_id: 'app-1' })
export const other = fakeConsumer({ id: 'other-id', username: 'other' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })

function client(
  consumer: typeof app,
  client_id: string,
  fields: Readonly<Record<string, unknown>> = {},
): Credential {
  return fakeCredential(consumer, {
    id: `${client_id}-credential`,
    key: client_id,
    client_id,
    client_secret: SECRET,
    hash_secret: false,
    client_type: 'confidential',
    redirect_uris: [CALLBACK, 'https://app.test/second'],
    ...fields,
  })
}

export const CLIENTS: readonly Credential[] = [
  client(app, 'app'),
  client(other, 'other'),
  client(app, 'public', { client_type: 'public', client_secret: 'never-asked' }),
  client(app, 'machine', { redirect_uris: null }),
]

export interface Setting {
  readonly config?: object
  readonly clients?: readonly Credential[]
  readonly tokens?: readonly Credential[]
  readonly shared?: SharedStore
}

export type Fields = Readonly<Record<string, string | readonly string[]>>

/** What the client gets of an answer. */
export interface Told {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

export class OAuth2 {
  now = START
  /** What requests see of the configuration; a reload is another one. */
  clients: readonly Credential[]
  readonly #use: ReturnType<typeof prepared>
  readonly #tokens: readonly Credential[]

  constructor({ config = {}, clients = CLIENTS, tokens = [], shared }: Setting = {}) {
    this.clients = clients
    this.#tokens = tokens
    const clock = (): number => this.now
    void oauth2.init?.({ ...silentEnv(START), now: clock, shared: shared ?? memoryStore(clock) })
    this.#use = prepared(oauth2, { ...EVERYTHING, ...config })
  }

  async ask(request: FakeRequest, use: unknown = this.#use): Promise<FakeContext> {
    const ctx = fakeContext({
      store: fakeStore({
        consumers: [app, other, guest],
        credentials: { oauth2_credentials: this.clients, oauth2_tokens: this.#tokens },
      }),
      service: fakeService({ id: 'service-1' }),
      ...request,
    })
    await oauth2.access?.(ctx, use as never)
    return ctx
  }

  /** With a token in the header. */
  call(token: string, request: FakeRequest = {}): Promise<FakeContext> {
    return this.ask({ headers: [['Authorization', `Bearer ${token}`]], ...request })
  }

  token(fields: Fields, request: FakeRequest = {}): Promise<Told> {
    return this.#post('/oauth2/token', fields, request)
  }

  authorize(fields: Fields, request: FakeRequest = {}): Promise<Told> {
    return this.#post('/oauth2/authorize', { ...CONSENT, ...fields }, request)
  }

  async #post(target: string, fields: Fields, request: FakeRequest): Promise<Told> {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) {
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
    }
    const type = ['Content-Type', 'application/x-www-form-urlencoded'] as const
    const ctx = await this.ask({
      method: 'POST',
      scheme: 'https',
      target,
      body: body.toString(),
      ...request,
      headers: [type, ...(request.headers ?? [])],
    })
    const { answer } = ctx
    if (answer === null) throw new Error('the endpoint has not answered')
    return { ...answer, body: answer.body as Told['body'] }
  }
}

const EVERYTHING = {
  scopes: ['email', 'phone'],
  provision_key: PROVISION_KEY,
  enable_authorization_code: true,
  enable_implicit_grant: true,
  enable_client_credentials: true,
  enable_password_grant: true,
}

const CONSENT: Fields = {
  provision_key: PROVISION_KEY,
  authenticated_userid: 'user-7',
  client_id: 'app',
  response_type: 'code',
}

/** Credentials of a client as parameters. */
export function as(id: string, secret = SECRET): Fields {
  return { client_id: id, client_secret: secret }
}

export function basic(id: string, secret = SECRET): readonly [string, string] {
  return ['Authorization', `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`]
}

/** A parameter of the URI that a user is sent to. */
export function inRedirect({ body }: Told, name: string): string | null {
  return new URL(String(body.redirect_uri)).searchParams.get(name)
}
