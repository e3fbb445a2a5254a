// What is measured: for each scenario the gateway's configuration, the load, what it is compared with and the target.
import type { Load } from './wrk.js'

export interface Scenario {
  readonly name: string
  /**
   * What stands below the line: nginx that adds the same headers both ways, nginx that adds none, or the gateway itself
   * on one route.
   */
  readonly reference: 'nginx' | 'nginx-plain' | 'bare'
  /** The most that the ratio may be; null where it is for information. */
  readonly target: number | null
  config(targetPort: number): object
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

/** A limit that is counted and never reached. */
function withKeyAndLimit(targetPort: number): object {
  return {
    ...bare(targetPort),
    plugins: [
      { name: 'key-auth' },
      { name: 'rate-limiting', config: { second: 100_000_000, policy: 'local' } },
    ],
    consumers: [{ username: 'alice', keyauth_credentials: [{ key: 'alice-key' }] }],
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
    target: 1.1,
    config: withRoutes(count),
    load: { path: paths[0] ?? '/' },
    paths,
  }
}

export const bareConfig = bare

export const scenarios: readonly Scenario[] = [
  { name: 'bare', reference: 'nginx', target: 1.35, config: bare, load: { path: '/' } },
  {
    name: 'bare-two-peers',
    reference: 'nginx',
    target: null,
    config: bare,
    load: { path: '/' },
    hasTwoPeers: true,
  },
  { name: 'bare-plain', reference: 'nginx-plain', target: null, config: bare, load: { path: '/' } },
  {
    name: 'key-auth+rate-limiting',
    reference: 'nginx',
    target: 1.8,
    config: withKeyAndLimit,
    load: { path: '/', headers: { apikey: 'alice-key' } },
  },
  { name: 'body-10kb', reference: 'nginx', target: 1.35, config: bare, load: { path: '/large' } },
  routes(1_000),
  routes(10_000),
]
