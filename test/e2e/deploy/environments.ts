// How people run Kong without a database: the settings of kong services in compose files of public repositories, read in
// November 2026. Facts alone: ${VARIABLE:-default} is its default, secrets and other people's host names are made up.

export interface Environment {
  /** Of GitHub, and the compose file in it. */
  readonly repository: string
  readonly file: string
  readonly settings: Readonly<Record<string, string>>
  /** Without one, what Kong's image does: `kong docker-start`. */
  readonly command?: readonly string[]
  /** Without one, the health check of Kong's image: `kong health`. */
  readonly health?: HealthCheck
}

/** What a health check asks: a command, or a page of one of the listeners. */
export type HealthCheck = 'kong health' | `${'admin' | 'status'} /${string}`

/** Where the commonest of them write their logs. */
export const TO_STREAMS = {
  KONG_PROXY_ACCESS_LOG: '/dev/stdout',
  KONG_ADMIN_ACCESS_LOG: '/dev/stdout',
  KONG_PROXY_ERROR_LOG: '/dev/stderr',
  KONG_ADMIN_ERROR_LOG: '/dev/stderr',
}
export const PROXY = { KONG_PROXY_LISTEN: '0.0.0.0:8000' }
export const ADMIN = { KONG_ADMIN_LISTEN: '0.0.0.0:8001' }
export const PROXY_TLS = { KONG_PROXY_LISTEN: '0.0.0.0:8000, 0.0.0.0:8443 ssl' }
export const ADMIN_TLS = { KONG_ADMIN_LISTEN: '0.0.0.0:8001, 0.0.0.0:8444 ssl' }

type Settings = Readonly<Record<string, string>>
type Rest = Pick<Environment, 'command' | 'health'>

/** Of what a repository runs without a database. */
export function withoutDatabase(
  repository: string,
  file: string,
  declarativeConfig: string,
  settings: Settings,
  rest: Rest = {},
): Environment {
  const all = { KONG_DATABASE: 'off', KONG_DECLARATIVE_CONFIG: declarativeConfig, ...settings }
  return { repository, file, settings: all, ...rest }
}

/** Of what a repository runs on Postgres. */
export function onPostgres(repository: string, file: string, settings: Settings): Environment {
  const all = {
    KONG_DATABASE: 'postgres',
    KONG_PG_HOST: 'database.test',
    KONG_PG_USER: 'kong',
    ...settings,
  }
  return { repository, file, settings: all }
}
