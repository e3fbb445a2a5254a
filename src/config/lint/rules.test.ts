import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lintOf } from '../../../test/support/lint.js'

/** A service `s` with a route `r`, and what else the file says below. */
const around = (plugins: string, more = '') =>
  `services: [{name: s, host: x.test, routes: [{name: r, paths: [/a], plugins: [${plugins}]}]}]\n${more}`

describe('cors-credentials-wildcard', () => {
  const found = (config: string) =>
    lintOf('cors-credentials-wildcard', `plugins: [{name: cors, config: ${config}}]`)

  for (const origins of ['', ', origins: ["*"]', ', origins: [a.test, "*"]', ', origins: [".*"]']) {
    it(`warns of credentials for all sites: ${origins}`, () => {
      assert.deepEqual(found(`{credentials: true${origins}}`), [
        'plugins[0].config.credentials: any site can send requests with the cookies of its visitors and read the answers',
      ])
    })
  }

  it('says nothing of named sites, and of a star without credentials', () => {
    assert.deepEqual(found('{credentials: true, origins: ["https://a.test"]}'), [])
    assert.deepEqual(found('{credentials: true, origins: [".*\\\\.a\\\\.test"]}'), [])
    assert.deepEqual(found('{origins: ["*"]}'), [])
  })
})

describe('jwt-without-exp', () => {
  it('warns when exp is not verified, and not when it is', () => {
    const found = (config: string) =>
      lintOf('jwt-without-exp', `plugins: [{name: jwt, config: ${config}}]`)
    const warning = [
      'plugins[0].config.claims_to_verify: tokens are accepted for ever: exp is not verified',
    ]
    assert.deepEqual(found('{}'), warning)
    assert.deepEqual(found('{claims_to_verify: [nbf]}'), warning)
    assert.deepEqual(found('{claims_to_verify: [nbf, exp]}'), [])
  })

  it('says nothing of a plugin that is disabled', () => {
    assert.deepEqual(lintOf('jwt-without-exp', 'plugins: [{name: jwt, enabled: false}]'), [])
  })
})

describe('forgeable-tokens', () => {
  const found = (fields: string) =>
    lintOf(
      'forgeable-tokens',
      `plugins: [{name: openid-connect, config: {auth_methods: [bearer], ${fields}}}]`,
    )

  it('warns where nobody looks who the issuer is, or who has signed', () => {
    const unknown =
      'plugins[0].config.ssl_verify: whoever is between can make tokens: the certificate of the issuer is not verified'
    const unsigned =
      'plugins[0].config.verify_signature: anybody can make a token: signatures are not verified'
    assert.deepEqual(found('issuer: "https://i.test"'), [unknown])
    assert.deepEqual(found('issuer: "https://i.test", ssl_verify: true'), [])
    assert.deepEqual(found('issuer: "http://127.0.0.1"'), [])
    assert.deepEqual(found('issuer: "https://i.test", verify_signature: false'), [
      unknown,
      unsigned,
    ])
  })
})

describe('local-rate-limit', () => {
  const limits = '{name: rate-limiting, config: {minute: 5}}, {name: response-ratelimiting}'

  const shared = 'plugins: [{name: proxy-cache, config: {strategy: redis}}]'

  it('says nothing where one gateway is all that is known of', () => {
    assert.deepEqual(lintOf('local-rate-limit', around(limits)), [])
  })

  it('warns once where another plugin shares its state by Redis', () => {
    assert.deepEqual(lintOf('local-rate-limit', around(limits, shared)), [
      'services[0].routes[0].plugins[0].config.policy: counts requests in each gateway by itself (1 more like it), while plugins[0].config.strategy shares its state by Redis',
    ])
  })

  it('knows where each plugin says where it counts', () => {
    const advanced = '{name: rate-limiting-advanced, config: {limit: [1], window_size: [1]}}'
    assert.deepEqual(lintOf('local-rate-limit', around(advanced, shared)), [
      'services[0].routes[0].plugins[0].config.strategy: counts requests in each gateway by itself, while plugins[0].config.strategy shares its state by Redis',
    ])
  })

  it('says nothing of limits that are counted in Redis', () => {
    const config = '{name: rate-limiting, config: {policy: redis}}'
    assert.deepEqual(lintOf('local-rate-limit', around(config, shared)), [])
  })
})

describe('unreachable-route', () => {
  const found = (body: string) => lintOf('unreachable-route', body)

  it('warns once of a disabled service with routes', () => {
    const service = (enabled: boolean, routes: string) =>
      `services: [{name: s, host: x.test, enabled: ${enabled}, routes: [${routes}]}]`
    assert.deepEqual(found(service(false, '{paths: [/a]}, {paths: [/b]}')), [
      "services[0].enabled: service 's' is disabled: its 2 routes never match",
    ])
    assert.deepEqual(found(service(false, '{paths: [/a]}')), [
      "services[0].enabled: service 's' is disabled: its route never matches",
    ])
    assert.deepEqual(found(service(false, '')), [])
    assert.deepEqual(found(service(true, '{paths: [/a]}')), [])
  })

  it('warns of a route that is for TCP alone', () => {
    assert.deepEqual(
      found(
        'routes: [{protocols: [tcp], destinations: [{port: 1}]}, {protocols: [grpc], paths: [/a]}]',
      ),
      ['routes[0].protocols: tcp: not served, gw is for HTTP'],
    )
  })

  it('warns of a path with a query', () => {
    assert.deepEqual(found('routes: [{paths: ["/a?x=1", "~/a\\\\?x", "~/a/?$", /b]}]'), [
      'routes[0].paths[0]: never matches: a path ends before the ?',
      'routes[0].paths[1]: never matches: a path ends before the ?',
    ])
  })
})

describe('runaway-regex', () => {
  const found = (body: string) => lintOf('runaway-regex', body)

  it('says nothing of routes, whose patterns the router can match in linear time', () => {
    assert.deepEqual(found('routes: [{paths: [/ok, "~/(a+)+$"], headers: {x: ["~*(B|b)+c"]}}]'), [])
  })

  it('warns of paths that look around and run away, which no linear engine can match', () => {
    const lines = lintOf(
      'runaway-regex',
      'routes: [{paths: ["~/(?!x)(a+)+$", "~/(?=(b+)+c)b", "~/(?!x)a+$", "~/(?>(?:c|cc)+x)d"]}]',
      'traditional',
    )
    assert.deepEqual(
      lines.map((line) => line.slice(0, line.indexOf(':'))),
      ['routes[0].paths[0]', 'routes[0].paths[1]', 'routes[0].paths[3]'],
    )
  })

  it('warns of patterns of plugins, by their schema or as known', () => {
    const bad = '"(\\\\w+\\\\.?)+!"'
    const paths = found(
      `plugins: [{name: redacting, config: {patterns: [fine, ${bad}]}}, {name: cors, config: {origins: ["*", a.test, "([a-z]+[.]?)+"]}}]`,
    ).map((line) => line.slice(0, line.indexOf(':')))
    assert.deepEqual(paths, ['plugins[0].config.patterns[1]', 'plugins[1].config.origins[2]'])
  })

  it('says nothing of texts that are no patterns, and of patterns that do not run away', () => {
    assert.deepEqual(
      found(
        'routes: [{paths: ["/(a+)+$", "~/users/(?<id>[^/]+)$"]}]\nplugins: [{name: redacting, config: {note: "(a+)+$"}}]',
      ),
      [],
    )
  })
})

describe('no-recovery', () => {
  const found = (checks: string) =>
    lintOf('no-recovery', `upstreams: [{name: u, healthchecks: {${checks}}}]`)
  const passive = 'passive: {unhealthy: {http_failures: 3}}'
  const message =
    "a target of 'u' that has failed stays out until somebody sets it healthy: no probe is sent that could"

  it('warns of checks by requests alone', () => {
    const warning = [`upstreams[0].healthchecks.active.unhealthy.interval: ${message}`]
    assert.deepEqual(found(passive), warning)
    assert.deepEqual(found('passive: {healthy: {successes: 1}, unhealthy: {timeouts: 1}}'), warning)
    assert.deepEqual(found(`active: {healthy: {interval: 5, successes: 1}}, ${passive}`), warning)
  })

  it('warns of probes whose success does not count', () => {
    const warning = [`upstreams[0].healthchecks.active.healthy.successes: ${message}`]
    assert.deepEqual(found(`active: {unhealthy: {interval: 5}}, ${passive}`), warning)
    assert.deepEqual(found('active: {unhealthy: {interval: 5, tcp_failures: 1}}'), warning)
  })

  it('says nothing where targets come back, or none is ever taken out', () => {
    const recovering = 'active: {healthy: {successes: 1}, unhealthy: {interval: 5}}'
    assert.deepEqual(found(`${recovering}, ${passive}`), [])
    assert.deepEqual(found(''), [])
    assert.deepEqual(found('active: {unhealthy: {tcp_failures: 1}}'), [])
    assert.deepEqual(found('passive: {healthy: {successes: 1}}'), [])
  })
})
