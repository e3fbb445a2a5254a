// What is measured: for each scenario the gateway's configuration, the load, what it is compared with and the target.
import { createHmac } from 'node:crypto'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { TARGET_ADDRESSES } from './nginx.js'
import type { Load } from './wrk.js'

export interface Scenario {
  readonly name: string
  /**
   * What stands below the line: nginx that adds the same headers both ways, nginx that adds none, or the gateway itself
   * on one route, with breakers as they are by default or without.
   */
  readonly reference: 'nginx' | 'nginx-plain' | 'bare' | 'bare-unguarded'
  /** The most that the ratio may be; absent where it is for information. */
  readonly targets?: Readonly<Record<EngineKind, number>>
  /** Measured on both engines by `--engine both`; the others are about what the engines share, and run on uws. */
  readonly isForBoth: boolean
  /** @param redisPort of an empty Redis that runs beside */
  config(targetPort: number, redisPort: number): object
  readonly load: Load
  /** A second client address has a connection open meanwhile. */
  readonly hasTwoPeers?: boolean
  /** Paths that wrk takes in turns instead of the load's own. */
  readonly paths?: readonly string[]
}

const service = (targetPort: number, routes: readonly object[]): object => ({
  name: 'target',
  url: `http://127.0.0.1:${targetPort}`,
  routes,
})

/** One service, one route for everything. */
function bare(targetPort: number): object {
  return {
    _format_version: '3.0',
    services: [service(targetPort, [{ name: 'all', paths: ['/'] }])],
  }
}

const keyAuth = { name: 'key-auth' }
const consumers = [{ username: 'alice', keyauth_credentials: [{ key: 'alice-key' }] }]

function withKey(targetPort: number): object {
  return { ...bare(targetPort), plugins: [keyAuth], consumers }
}

/** A limit that is counted and never reached. */
const limit = { second: 100_000_000 }

function withKeyAndLimit(targetPort: number): object {
  const rateLimiting = { name: 'rate-limiting', config: { ...limit, policy: 'local' } }
  return { ...bare(targetPort), plugins: [keyAuth, rateLimiting], consumers }
}

export function withLimitInRedis(targetPort: number, redisPort: number): object {
  const redis = { host: '127.0.0.1', port: redisPort }
  const rateLimiting = { name: 'rate-limiting', config: { ...limit, policy: 'redis', redis } }
  return { ...bare(targetPort), plugins: [rateLimiting] }
}

const JWT_SECRET = 'a secret of 32 characters or more'

const jwt = { name: 'jwt', config: { claims_to_verify: ['exp'] } }
const issuers = [{ username: 'alice', jwt_secrets: [{ key: 'alice', secret: JWT_SECRET }] }]

function withJwt(targetPort: number): object {
  return { ...bare(targetPort), plugins: [jwt], consumers: issuers }
}

/** Of some 240 characters, as an issuer for a single application writes them; it ends in 2100. */
function hs256Token(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'alice', sub: '5c1c4b1e-3a4c-4d1f-9b8e-0c7d6f5e4a3b', exp: 4_102_444_800 }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, name: 'Alice Doe' })}`
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`
}

/** Headers alone, as most files have it: each way something goes, something comes, and a template is rendered. */
const transformers = [
  {
    name: 'request-transformer',
    config: {
      remove: { headers: ['X-Internal'] },
      add: { headers: ['X-Gateway:gw', "X-Agent:$(headers.user_agent or 'none')"] },
    },
  },
  {
    name: 'response-transformer',
    config: { remove: { headers: ['X-Powered-By'] }, add: { headers: ['X-Gateway:gw'] } },
  },
]

function withTransformers(targetPort: number): object {
  return { ...bare(targetPort), plugins: transformers }
}

const ORIGIN = 'https://shop.example.com'

/** What many files have on every route. */
function withSeveral(targetPort: number): object {
  const cors = { name: 'cors', config: { origins: [ORIGIN], credentials: true } }
  return { ...bare(targetPort), plugins: [jwt, cors, ...transformers], consumers: issuers }
}

/** The small body of the target is a JSON object, taken apart and written anew; it has no such member. */
function withJsonTransformer(targetPort: number): object {
  return {
    ...bare(targetPort),
    plugins: [{ name: 'response-transformer', config: { remove: { json: ['secret'] } } }],
  }
}

/** Three targets, as far as the balancer can tell, with passive checks; the breaker is there by default. */
function balanced(targetPort: number): object {
  const passive = {
    healthy: { successes: 1 },
    unhealthy: { http_failures: 5, tcp_failures: 2, timeouts: 2 },
  }
  return {
    ...bare(targetPort),
    upstreams: [
      {
        name: 'pool',
        healthchecks: { passive },
        targets: TARGET_ADDRESSES.map((ip) => ({
          target: `${ip}:${targetPort}`,
        })),
      },
    ],
    services: [{ name: 'target', host: 'pool', routes: [{ name: 'all', paths: ['/'] }] }],
  }
}

function withRoutes(count: number): (targetPort: number) => object {
  return (targetPort) => ({
    _format_version: '3.0',
    services: [
      service(
        targetPort,
        Array.from({ length: count }, (_, i) => ({ name: `r${i}`, paths: [`/r${i}/x`] })),
      ),
    ],
  })
}

/** Routes from all over the list, so that neither its begin nor a cache of one entry decides. */
function somePaths(count: number): string[] {
  return Array.from({ length: 16 }, (_, i) => `/r${Math.floor(((i + 0.5) * count) / 16)}/x`)
}

function routes(count: number): Scenario {
  const paths = somePaths(count)
  return {
    name: `routes-${count}`,
    reference: 'bare',
    targets: { uws: 1.1, http1: 1.1 },
    isForBoth: false,
    config: withRoutes(count),
    load: { path: paths[0] ?? '/' },
    paths,
  }
}

/** What a browser sends with a request of a page's script: 12 lines, 800 bytes. */
const browserHeaders = {
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  Accept: 'application/json, text/plain, */*',
  'Accept-Language': 'en-GB,en;q=0.9,de-DE;q=0.8,de;q=0.7',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Referer: 'https://shop.example.com/catalogue/lamps?page=3&sort=price',
  'Sec-CH-UA': '"Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126"',
  'Sec-CH-UA-Mobile': '?0',
  'Sec-CH-UA-Platform': '"Windows"',
  'Sec-Fetch-Dest': 'empty',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Site': 'same-origin',
  Cookie: `session=${'0123456789abcdef'.repeat(6)}; theme=dark; consent=necessary`,
}

const plainLoad: Load = { path: '/' }

export const bareConfig = bare

export const scenarios: readonly Scenario[] = [
  {
    name: 'bare',
    reference: 'nginx',
    targets: { uws: 1.35, http1: 1.05 },
    isForBoth: true,
    config: bare,
    load: plainLoad,
  },
  {
    name: 'bare-plain',
    reference: 'nginx-plain',
    isForBoth: true,
    config: bare,
    load: plainLoad,
  },
  {
    name: 'bare-two-peers',
    reference: 'nginx',
    isForBoth: false,
    config: bare,
    load: plainLoad,
    hasTwoPeers: true,
  },
  {
    name: 'browser-headers',
    reference: 'nginx',
    isForBoth: true,
    config: bare,
    load: { path: '/', headers: browserHeaders },
  },
  {
    name: 'key-auth',
    reference: 'bare',
    targets: { uws: 1.1, http1: 1.1 },
    isForBoth: true,
    config: withKey,
    load: { path: '/', headers: { apikey: 'alice-key' } },
  },
  {
    name: 'key-auth+rate-limiting',
    reference: 'nginx',
    targets: { uws: 1.8, http1: 1.8 },
    isForBoth: true,
    config: withKeyAndLimit,
    load: { path: '/', headers: { apikey: 'alice-key' } },
  },
  {
    name: 'jwt',
    reference: 'bare',
    targets: { uws: 1.15, http1: 1.15 },
    isForBoth: true,
    config: withJwt,
    load: { path: '/', headers: { Authorization: `Bearer ${hs256Token()}` } },
  },
  {
    name: 'jwt+cors+transformers',
    reference: 'nginx',
    targets: { uws: 2.2, http1: 2.2 },
    isForBoth: true,
    config: withSeveral,
    load: {
      path: '/',
      headers: { Authorization: `Bearer ${hs256Token()}`, Origin: ORIGIN },
    },
  },
  {
    name: 'rate-limiting-redis',
    reference: 'nginx',
    isForBoth: true,
    config: withLimitInRedis,
    load: plainLoad,
  },
  {
    name: 'transformers',
    reference: 'nginx',
    isForBoth: true,
    config: withTransformers,
    load: plainLoad,
  },
  {
    name: 'transformer-json',
    reference: 'nginx',
    isForBoth: false,
    config: withJsonTransformer,
    load: plainLoad,
  },
  {
    name: 'body-10kb',
    reference: 'nginx',
    targets: { uws: 1.35, http1: 1.35 },
    isForBoth: true,
    config: bare,
    load: { path: '/large' },
  },
  {
    name: 'tls',
    reference: 'nginx',
    isForBoth: true,
    config: bare,
    load: { path: '/', isSecure: true },
  },
  {
    name: 'tls-body-10kb',
    reference: 'nginx',
    isForBoth: true,
    config: bare,
    load: { path: '/large', isSecure: true },
  },
  {
    name: 'balanced',
    reference: 'bare-unguarded',
    targets: { uws: 1.05, http1: 1.05 },
    isForBoth: true,
    config: balanced,
    load: plainLoad,
  },
  routes(1_000),
  routes(10_000),
]
