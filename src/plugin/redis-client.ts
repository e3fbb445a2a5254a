// The only place that knows ioredis: opens one connection to a Redis server, a sentinel's master or a cluster, and sends
// scripts. Whether and when to connect again is decided above (shared-redis.ts), so every retry of ioredis is off.
import { createHash } from 'node:crypto'
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls'
import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis'
import type { PluginEnv, ServerTrust } from './contract.js'
import { RedisError } from './redis-error.js'
import type { RedisPlace, RedisTarget } from './redis-target.js'

/** A script whose ARGV falls into equal parts, one for each of KEYS, and that returns a list with one reply per key. */
export interface RedisScript {
  readonly lua: string
  readonly sha: string
  /** Texts in replies are bytes: Buffers. */
  readonly isBinary: boolean
}

export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex'), isBinary: false }
}

export function binaryRedisScript(lua: string): RedisScript {
  return { ...redisScript(lua), isBinary: true }
}

export interface RedisConnection {
  /**
   * One atomic step on one server. In a cluster keys live on several: there each key is a step of its own. Nothing is sent
   * twice, so that nothing counts twice. Rejects with RedisError, at the latest when the command's time is over.
   */
  run(script: RedisScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown[]>
  /** At once; what is under way rejects. */
  close(): void
}

export type Argument = string | number | Buffer

/** Whom to trust; asked where certificates are verified. */
export type Trust = PluginEnv['serverTrust']

/** @param onLost called once when a connection that was ready ends, unless `close` has ended it */
export type Connect = (
  target: RedisTarget,
  trust: Trust,
  onLost: (fault: RedisError) => void,
) => Promise<RedisConnection>

/** Rejects with RedisError. Loads ioredis with the first call: who uses no Redis does not pay for it. */
export const connectRedis: Connect = async (target, trust, onLost) => {
  const { Cluster, Redis } = await import('ioredis')
  const { place } = target
  const tls = tlsOptions(target, trust)
  if (place.kind === 'cluster') {
    const nodes = place.nodes.map(({ host, port }) => ({ host, port }))
    const cluster = new Cluster(nodes, clusterOptions(target, tls, place.maxRedirections))
    return open(cluster, onLost, (script, keys, args) => perKey(cluster, script, keys, args))
  }
  const redis = new Redis({ ...optionsOf(target), ...placeOptions(place, target, tls) })
  const connection = await open(redis, onLost, (script, keys, args) =>
    evaluate(redis, script, keys, args),
  )
  try {
    await introduce(redis, target)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Who does not hear the end of the connection within this time is cut. */
const DISCONNECT_MS = 100
const TCP_KEEPALIVE_MS = 10_000

/** What one connection of ioredis is told; AUTH and SELECT are not its business, see `introduce`. */
function optionsOf(target: RedisTarget) {
  return {
    lazyConnect: true,
    // Kong speaks RESP2, and rights of users (ACL) are made for the commands that Kong sends.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: target.connectTimeoutMs,
    commandTimeout: target.commandTimeoutMs,
    disconnectTimeout: DISCONNECT_MS,
    keepAlive: TCP_KEEPALIVE_MS,
  } satisfies RedisOptions
}

function placeOptions(
  place: Exclude<RedisPlace, { kind: 'cluster' }>,
  target: RedisTarget,
  tls: TlsOptions,
) {
  if (place.kind === 'server') return { ...place.address, ...tls }
  return {
    sentinels: place.nodes.map(({ host, port }) => ({ host, port })),
    name: place.master,
    ...(place.username !== null && { sentinelUsername: place.username }),
    ...(place.password !== null && { sentinelPassword: place.password }),
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: target.commandTimeoutMs,
    enableTLSForSentinelMode: target.tls !== null,
    ...tls,
  } satisfies RedisOptions
}

function clusterOptions(target: RedisTarget, tls: TlsOptions, maxRedirections: number) {
  const { username, password, commandTimeoutMs } = target
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: commandTimeoutMs,
    maxRedirections,
    // A certificate names hosts: looked up, they could not be verified.
    ...(target.tls !== null && { dnsLookup: asItIs }),
    redisOptions: {
      ...optionsOf(target),
      ...(username !== null && { username }),
      ...(password !== null && { password }),
      ...tls,
    },
  } satisfies ClusterOptions
}

function asItIs(host: string, done: (error: null, address: string) => void): void {
  done(null, host)
}

type TlsOptions = ReturnType<typeof tlsOptions>

function tlsOptions({ tls, place }: RedisTarget, trust: Trust) {
  if (tls === null) return {}
  const name = tls.serverName ?? (place.kind === 'server' ? place.address.host : undefined)
  const servername = name === undefined || isAddress(name) ? {} : { servername: name }
  return { tls: { ...servername, ...(tls.verify ? verified(trust()) : UNVERIFIED) } }
}

const UNVERIFIED = { rejectUnauthorized: false }

function verified(trust: ServerTrust) {
  return {
    rejectUnauthorized: true,
    secureContext: trust.secureContext(),
    // The certificate comes with its chain, which the types do not know.
    checkServerIdentity: (host: string, certificate: PeerCertificate) =>
      trust.faultOf(host, certificate as DetailedPeerCertificate),
  }
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host)
}

async function open(
  redis: Redis | Cluster,
  onLost: (fault: RedisError) => void,
  run: RedisConnection['run'],
): Promise<RedisConnection> {
  let isOpen = false
  let last: unknown = null
  const drop = (): void => {
    isOpen = false
    redis.disconnect()
  }
  const lose = (fault: RedisError): void => {
    if (!isOpen) return
    drop()
    onLost(fault)
  }
  // Without a listener ioredis prints errors itself.
  redis.on('error', (error: unknown) => (last = error))
  redis.on('end', () => lose(RedisError.of('away', wordsOf(last ?? 'connection closed'))))
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw RedisError.of('away', wordsOf(last ?? error))
  }
  isOpen = true
  return {
    run: async (script, keys, args) => {
      try {
        return await run(script, keys, args)
      } catch (error) {
        const fault = faultOf(error)
        if (fault.trouble !== 'refused') lose(fault)
        throw fault
      }
    },
    close: drop,
  }
}

/** AUTH and SELECT as Kong sends them. ioredis takes some refusals of AUTH for a warning; Kong does not. */
async function introduce(redis: Redis, { username, password, database }: RedisTarget) {
  try {
    if (password !== null) {
      await (username === null
        ? redis.call('AUTH', password)
        : redis.call('AUTH', username, password))
    }
  } catch (error) {
    // Redis may quote what it did not understand.
    throw RedisError.of('away', `AUTH failed (${firstWord(wordsOf(error))})`)
  }
  try {
    if (database !== 0) await redis.call('SELECT', database)
    await redis.call('PING')
  } catch (error) {
    const words = wordsOf(error)
    // A user without the right to PING may have the right to count.
    if (!words.startsWith('NOPERM')) throw RedisError.of('away', words)
  }
}

async function perKey(
  cluster: Cluster,
  script: RedisScript,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown[]> {
  const each = args.length / keys.length
  const replies = await Promise.all(
    keys.map((key, i) => evaluate(cluster, script, [key], args.slice(i * each, (i + 1) * each))),
  )
  return replies.flat()
}

async function evaluate(
  redis: Redis | Cluster,
  { sha, lua, isBinary }: RedisScript,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown[]> {
  const parts = [...keys, ...args]
  try {
    return listOf(
      isBinary
        ? await redis.callBuffer('evalsha', [sha, keys.length, ...parts])
        : await redis.evalsha(sha, keys.length, ...parts),
    )
  } catch (error) {
    // Neither has run the script. Kong sends EVAL, and a user may have the right to that alone.
    if (!/^(NOSCRIPT|NOPERM)/.test(wordsOf(error))) throw error
    return listOf(
      isBinary
        ? await redis.callBuffer('eval', [lua, keys.length, ...parts])
        : await redis.eval(lua, keys.length, ...parts),
    )
  }
}

function listOf(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : [reply]
}

/** Answers of a server that will not do, such as a master that has become a replica: another connection may find better. */
const UNFIT = /^(READONLY|MASTERDOWN|LOADING|CLUSTERDOWN|NOAUTH)/
const TIMED_OUT = 'Command timed out'

function faultOf(error: unknown): RedisError {
  const words = wordsOf(error)
  // Answers come in order: behind one that does not come, all others wait.
  if (words === TIMED_OUT) return RedisError.of('silent', 'no answer in time')
  if (UNFIT.test(words)) return RedisError.of('unfit', words)
  const isReply = error instanceof Error && error.name === 'ReplyError'
  return RedisError.of(isReply ? 'refused' : 'away', words)
}

/** The message alone: errors of ioredis carry the command with its arguments. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message } = error
  if (message !== '') return message
  return 'code' in error ? String(error.code) : error.name
}

function firstWord(words: string): string {
  return words === TIMED_OUT ? 'no answer in time' : (/^[A-Z]+\b/.exec(words)?.[0] ?? 'no answer')
}
