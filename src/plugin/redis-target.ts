// Which Redis a configuration means: the same settings give the same text, and so share a connection.
import type { RedisDeployment } from './config/redis.js'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** One server; the master that sentinels name; or a cluster that some of its nodes tell about. */
export type RedisPlace =
  | { readonly kind: 'server'; readonly address: RedisAddress }
  | {
      readonly kind: 'sentinel'
      readonly master: string
      readonly nodes: readonly RedisAddress[]
      readonly username: string | null
      readonly password: string | null
    }
  | {
      readonly kind: 'cluster'
      readonly nodes: readonly RedisAddress[]
      readonly maxRedirections: number
    }

export interface RedisTarget {
  readonly place: RedisPlace
  /** Whoever names one has a connection apart: bodies must not hold up counters. */
  readonly purpose?: string
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
  /** As in Kong, a user without a password is not sent. */
  readonly username: string | null
  readonly password: string | null
  readonly database: number
  readonly tls: { readonly verify: boolean; readonly serverName: string | null } | null
}

export function redisTargetOf(redis: RedisDeployment): RedisTarget {
  const password = redis.password === undefined || redis.password === '' ? null : redis.password
  return {
    place: placeOf(redis),
    connectTimeoutMs: redis.connect_timeout ?? redis.timeout,
    commandTimeoutMs: redis.read_timeout ?? redis.timeout,
    username: password === null ? null : (redis.username ?? null),
    password,
    database: redis.database,
    tls: redis.ssl ? { verify: redis.ssl_verify, serverName: redis.server_name ?? null } : null,
  }
}

/** For logs: says where, and nothing secret. */
export function nameOfTarget({ place, database }: RedisTarget): string {
  const name =
    place.kind === 'server'
      ? textOf(place.address)
      : place.kind === 'sentinel'
        ? `${place.master} by sentinels ${place.nodes.map(textOf).join(', ')}`
        : `cluster ${place.nodes.map(textOf).join(', ')}`
  return database === 0 ? name : `${name}/${database}`
}

function placeOf(redis: RedisDeployment): RedisPlace {
  const { cluster_nodes: cluster, sentinel_nodes: sentinels, sentinel_master: master } = redis
  if (cluster !== undefined) {
    const nodes = cluster.map(({ ip, port }) => ({ host: ip, port }))
    return { kind: 'cluster', nodes, maxRedirections: redis.cluster_max_redirections }
  }
  if (sentinels !== undefined && master !== undefined) {
    return {
      kind: 'sentinel',
      master,
      nodes: sentinels.map(({ host, port }) => ({ host, port })),
      username: redis.sentinel_username ?? null,
      password: redis.sentinel_password ?? null,
    }
  }
  // The rules of a plugin ask for a host wherever Redis is used.
  return { kind: 'server', address: { host: redis.host ?? '127.0.0.1', port: redis.port } }
}

function textOf({ host, port }: RedisAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
