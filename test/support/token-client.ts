// A gateway with oauth2 before two services, and the applications that get tokens from it.
import { startGateway, type RunningGateway } from './gateway.js'
import { requestOnce, type Answer } from './http-client.js'
import type { RecordingTarget } from './recording-target.js'

export const SECRET = 'app-secret-1'
export const PROVISION_KEY = 'provision-key-1'

export const app = (fields: object = {}): object => ({
  name: 'App',
  client_id: 'app',
  client_secret: SECRET,
  redirect_uris: ['https://app.test/cb'],
  ...fields,
})

export interface Issuing {
  readonly target: RecordingTarget
  readonly config?: object
  readonly clients?: readonly object[]
  readonly env?: Readonly<Record<string, string>>
}

/** Two services, /one and /two, each with a use of its own. */
export function issuingConfig({ target, config = {}, clients = [app()] }: Issuing): object {
  const service = (name: string): object => ({
    name,
    url: `http://127.0.0.1:${target.port}`,
    routes: [{ name, paths: [`/${name}`] }],
    plugins: [
      {
        name: 'oauth2',
        config: {
          scopes: ['email'],
          provision_key: PROVISION_KEY,
          enable_client_credentials: true,
          enable_password_grant: true,
          enable_authorization_code: true,
          accept_http_if_already_terminated: true,
          ...config,
        },
      },
    ],
  })
  return {
    _format_version: '3.0',
    services: [service('one'), service('two')],
    consumers: [{ username: 'app', oauth2_credentials: clients }],
  }
}

/** Takes what comes from this machine for the proxy in front, which has ended TLS. */
export function startIssuing(issuing: Issuing): Promise<RunningGateway> {
  const env = { KONG_TRUSTED_IPS: '127.0.0.1', ...issuing.env }
  return startGateway({ config: issuingConfig(issuing), env })
}

const FORM = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'X-Forwarded-Proto': 'https',
} as const

type Fields = Readonly<Record<string, string>>

/** Each on a connection of its own, so that any worker may get it. */
export function post(gateway: RunningGateway, path: string, fields: Fields): Promise<Answer> {
  const body = new URLSearchParams(fields).toString()
  return requestOnce(gateway.proxyPort, 'POST', path, FORM, body)
}

export function askToken(gateway: RunningGateway, fields: Fields): Promise<Answer> {
  const client = { client_id: 'app', client_secret: SECRET }
  return post(gateway, '/one/oauth2/token', { ...client, ...fields })
}

export function call(gateway: RunningGateway, token: string, path = '/one'): Promise<Answer> {
  return requestOnce(gateway.proxyPort, 'GET', path, { Authorization: `Bearer ${token}` })
}

/** Statuses of many calls, over all workers. */
export async function callOften(
  gateway: RunningGateway,
  token: string,
  times = 12,
): Promise<readonly number[]> {
  const all = await Promise.all(Array.from({ length: times }, () => call(gateway, token)))
  return [...new Set(all.map(({ status }) => status))]
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

export const USER = {
  grant_type: 'password',
  provision_key: PROVISION_KEY,
  authenticated_userid: 'user-7',
} as const

export function tokensOf({ status, text }: Answer): Tokens {
  if (status !== 200) throw new Error(`no token: ${status} ${text}`)
  return JSON.parse(text) as Tokens
}

/** A code that a user has consented to. */
export async function codeOf(gateway: RunningGateway): Promise<string> {
  const fields = { ...USER, client_id: 'app', response_type: 'code' }
  const { text } = await post(gateway, '/one/oauth2/authorize', fields)
  const { redirect_uri: uri } = JSON.parse(text) as { readonly redirect_uri: string }
  return new URL(uri).searchParams.get('code') ?? ''
}
