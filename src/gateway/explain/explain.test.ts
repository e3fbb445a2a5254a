import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../../plugins/index.js'
import { plannedPlugins } from '../../../plugins/planned.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { checkConfig } from '../load.js'
import { readSettings } from '../settings.js'
import { explain } from './explain.js'
import { exitCodeOf, type Explanation, type Named } from './explanation.js'
import { EXPLAIN_FORMATS } from './formats.js'
import { readRequest } from './request.js'

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)

interface Asked {
  readonly method?: string
  readonly headers?: readonly string[]
  readonly consumer?: string
  readonly env?: Readonly<Record<string, string>>
}

/** @param text what stands below `_format_version` */
function explained(text: string, url: string, asked: Asked = {}): Explanation {
  const { method = 'GET', headers = [], consumer, env = {} } = asked
  const settings = readSettings(env)
  const whole = `_format_version: "3.0"\n${text}`
  const config = checkConfig(whole, 'kong.yml', plugins, settings)
  const request = readRequest({ method, url, headers }, settings)
  return explain(request, { file: 'kong.yml', config, plugins, settings, consumer })
}

const GUARDED = `services:
- name: s
  url: http://s.test
  routes:
  - name: r
    paths: [/r]
    plugins:
    - {name: retry, config: {attempts: 3, failures: [timeout], statuses: [503], methods: [GET]}}
  plugins:
  - {name: retry, config: {attempts: 9}}
  - {name: bulkhead, config: {max_connections: 5, queue_timeout: 2}}
plugins:
- {name: circuit-breaker, config: {error_threshold_percentage: 10, failure_statuses: [500]}}
`

function at({ title, place }: Named): string {
  return `${title} at ${place.line}`
}

const LAYERS = `services:
- name: s
  url: https://s.test:8443/base
  connect_timeout: 1000
  routes:
  - name: r
    paths: [/r]
    plugins:
    - {name: rate-limiting, config: {minute: 1, policy: local}}
  plugins:
  - {name: rate-limiting, config: {minute: 2, policy: local}}
  - {name: key-auth}
plugins:
- {name: rate-limiting, config: {minute: 3, policy: local}}
- {name: rate-limiting, consumer: bob, config: {minute: 4, policy: local}}
- {name: request-size-limiting, consumer: bob}
- {name: cors, enabled: false}
consumers:
- {username: bob, custom_id: b-1}
- {username: eve}
`

describe('an explanation', () => {
  it('shows the plugins in order, with the scope and place of each and what it overrides', () => {
    const { plugins: shown, consumerPlugins } = explained(LAYERS, 'http://a.test/r')
    assert.deepEqual(
      shown.map(({ name, scope }) => `${name} ${scope.join()}`),
      ['key-auth service', 'rate-limiting route'],
    )
    const [, limit] = shown
    assert.deepEqual(limit?.overrides.map(at), [
      "plugin rate-limiting on service 's' at 12",
      'plugin rate-limiting for all requests at 15',
    ])
    assert.deepEqual(limit.forConsumers.map(at), ["plugin rate-limiting on consumer 'bob' at 16"])
    assert.deepEqual(consumerPlugins.map(at), [
      "plugin request-size-limiting on consumer 'bob' at 17",
    ])
  })

  it('shows the plugins of a consumer, named by username or custom_id', () => {
    for (const consumer of ['bob', 'b-1']) {
      const { plugins: shown } = explained(LAYERS, 'http://a.test/r', { consumer })
      assert.deepEqual(
        shown.map(({ name, scope }) => `${name} ${scope.join()}`),
        ['key-auth service', 'request-size-limiting consumer', 'rate-limiting consumer'],
      )
      assert.deepEqual(shown[2]?.overrides.map(at), [
        "plugin rate-limiting on route 'r' at 10",
        "plugin rate-limiting on service 's' at 12",
        'plugin rate-limiting for all requests at 15',
      ])
    }
    const { plugins: ofEve } = explained(LAYERS, 'http://a.test/r', { consumer: 'eve' })
    assert.equal(ofEve.length, 2)
    assert.throws(
      () => explained(LAYERS, '/', { consumer: 'nobody' }),
      /kong\.yml has no consumer 'nobody'/,
    )
  })

  it('names the upstream with its targets, and shows what the first of them gets', () => {
    const text = `upstreams: [{name: u, targets: [{target: "127.0.0.1:81"}, {target: b.test, weight: 5}]}]
services: [{name: s, host: u, routes: [{paths: [/a]}]}]
`
    const { balancing, upstream } = explained(text, 'http://a.test/a')
    assert.equal(balancing?.title, "upstream 'u'")
    assert.equal(balancing.algorithm, 'round-robin')
    assert.deepEqual(balancing.targets.map(({ target, weight }) => `${target} ${weight}`).sort(), [
      '127.0.0.1:81 100',
      'b.test 5',
    ])
    assert.match(upstream?.headers[0]?.join() ?? '', /^host,(?:127\.0\.0\.1:81|b\.test:8000)$/)
  })

  it('says that an upstream without targets answers nothing', () => {
    const text = `upstreams: [{name: u}]
services: [{name: s, host: u, routes: [{paths: [/a]}]}]
`
    const { answer, balancing } = explained(text, 'http://a.test/a')
    assert.equal(answer?.code, 'NO_PEER')
    assert.deepEqual(balancing?.targets, [])
  })

  it('tells where the target is, how it is spoken to, and what it gets', () => {
    const { upstream, verdict, route } = explained(LAYERS, 'http://a.test/r/x?y=1')
    assert.ok(upstream !== null)
    const { headers, guards, ...rest } = upstream
    assert.deepEqual(rest, {
      ...{ protocol: 'https', host: 's.test', port: 8443, serverName: 's.test', verify: false },
      timeouts: { connectMs: 1000, writeMs: 60000, readMs: 60000 },
      retries: 5,
      requestLine: 'GET /base/x?y=1 HTTP/1.1',
    })
    assert.deepEqual([guards.retry, guards.bulkhead, guards.breaker?.by], [null, null, null])
    assert.equal(guards.breaker?.volumeThreshold, 20)
    assert.deepEqual(headers[0], ['host', 's.test:8443'])
    assert.equal(verdict, 'proxied')
    assert.deepEqual([route?.path, route?.prefix, route?.place.line], ['/r', '/r', 7])
  })

  it('shows breaker, bulkhead and retries as plugins settle them, in place of the service', () => {
    const found = explained(GUARDED, '/r')
    const { retries, guards } = found.upstream ?? assert.fail('not proxied')
    assert.equal(retries, 3)
    assert.deepEqual(
      [guards.retry, guards.bulkhead, guards.breaker].map((guard) => guard?.by?.title),
      [
        "plugin retry on route 'r'",
        "plugin bulkhead on service 's'",
        'plugin circuit-breaker for all requests',
      ],
    )
    assert.deepEqual(
      { ...guards.retry, by: null },
      {
        attempts: 3,
        failures: ['timeout'],
        statuses: [503],
        methods: ['GET'],
        backoffMs: 25,
        maxBackoffMs: 1000,
        by: null,
      },
    )
    const text = EXPLAIN_FORMATS.pretty(found, { hasColor: false })
    assert.match(
      text,
      /retries: up to 3 on timeout and 503, of GET, waits of up to 25 ms .* by plugin retry/,
    )
    assert.match(
      text,
      /bulkhead: 5 under way and \d+ waiting up to 2000 ms, in each worker; by plugin/,
    )
    assert.match(
      text,
      /circuit breaker: opens when 10 % of at least 20 .* \(500 count\), for 30000 ms; by/,
    )
    assert.doesNotMatch(text, /5 retries/)
  })

  it('shows no circuit breaker where they are off', () => {
    const { upstream } = explained(GUARDED, '/r', { env: { GW_CIRCUIT_BREAKER: 'off' } })
    assert.equal(upstream?.guards.breaker, null)
    const text = GUARDED.replace(
      'error_threshold_percentage: 10, failure_statuses: [500]',
      'enabled: false',
    )
    const found = explained(text, '/r')
    assert.equal(found.upstream?.guards.breaker, null)
    assert.match(EXPLAIN_FORMATS.pretty(found, { hasColor: false }), /circuit breaker: none/)
  })

  it('says what the client gets where no route matches, and who came nearest', () => {
    const found = explained(LAYERS, '/q', { headers: ['Accept: text/plain'] })
    assert.equal(found.verdict, 'refused')
    assert.equal(exitCodeOf(found), 1)
    assert.deepEqual([found.answer?.code, found.answer?.status], ['NO_ROUTE', 404])
    assert.match(found.answer?.body ?? '', /^no Route matched with those values\nrequest_id: </)
    assert.deepEqual(found.missed.map(at), ["route 'r' at 7"])
    assert.deepEqual(found.missed[0]?.misses, [
      { condition: 'path', name: null, asked: ['/r'], got: '/q' },
    ])
  })

  it('says what is refused before plugins run, and behind them', () => {
    const text = `routes:
- {name: secure, paths: [/secure], protocols: [https]}
- {name: moved, paths: [/moved], protocols: [https], https_redirect_status_code: 308}
- {name: rpc, paths: [/rpc], protocols: [grpc]}
- {name: lone, paths: [/lone]}
`
    const answers = ['/secure', '/moved/x?y', '/rpc', '/lone', '/lone/%00'].map((url) => {
      const { answer, route } = explained(text, url)
      return `${route?.name ?? 'none'} ${answer?.code ?? 'null'} ${answer?.status ?? 0}`
    })
    assert.deepEqual(answers, [
      'secure HTTPS_REQUIRED 426',
      'moved null 308',
      'rpc NOT_GRPC 415',
      'lone NO_SERVICE 503',
      'none BAD_REQUEST 400',
    ])
    const { answer } = explained(text, 'http://a.test/moved/x?y')
    const location = answer?.headers.find(([name]) => name === 'Location')
    assert.deepEqual(location, ['Location', 'https://a.test/moved/x?y'])
  })

  it('counts a plugin that answers everything as an answer, also without a service', () => {
    const text = `routes: [{name: a, paths: [/], plugins: [{name: request-termination}]}]\n`
    const found = explained(text, '/')
    assert.equal(found.verdict, 'plugin')
    assert.equal(exitCodeOf(found), 0)
    assert.equal(found.answeredBy?.title, "plugin request-termination on route 'a'")
  })

  it('believes what a trusted peer says of https', () => {
    const text = 'routes: [{paths: [/], protocols: [https]}]\n'
    const headers = ['X-Forwarded-Proto: https']
    assert.equal(explained(text, '/', { headers }).answer?.code, 'HTTPS_REQUIRED')
    const env = { KONG_TRUSTED_IPS: '127.0.0.1' }
    assert.equal(explained(text, '/', { headers, env }).answer?.code, 'NO_SERVICE')
  })

  it('notes chance, and what is left out', () => {
    const text = `services: [{name: s, host: u, routes: [{paths: [/a]}, {paths: [/a]}]}]
plugins: [{name: grpc-web, service: s}]
`
    const { notes } = explained(text, 'http://a.test/a')
    assert.match(notes.join('\n'), /chance decides/)
    assert.match(notes.join('\n'), /plugin grpc-web on service 's' is left out/)
    assert.match(notes.join('\n'), /--skip-unsupported/)
  })

  it('lists ten routes of each kind, and counts the rest', () => {
    const routes = Array.from({ length: 40 }, (_, index) =>
      index < 20 ? `{name: r${index}, paths: [/a]}` : `{name: r${index}, paths: [/b${index}]}`,
    )
    const found = explained(`routes: [${routes.join(', ')}]\n`, '/a')
    assert.deepEqual([found.behind.length, found.missed.length], [10, 10])
    assert.deepEqual(found.more, { behind: 9, missed: 10 })
    const text = EXPLAIN_FORMATS.pretty(found, { hasColor: false })
    assert.match(text, /\n {2}and 9 more\n/)
    assert.match(text, /\n {2}and 10 more\n/)
  })
})

describe('the text of an explanation', () => {
  const { pretty, json } = EXPLAIN_FORMATS

  it('puts the outcome first, and places behind names', () => {
    const text = pretty(explained(LAYERS, 'http://a.test/r/x'), { hasColor: false })
    assert.match(text, /^GET http:\/\/a\.test\/r\/x from 127\.0\.0\.1 at 0\.0\.0\.0:8000\n/)
    assert.match(text, /\n {2}-> proxied by route 'r' to https:\/\/s\.test:8443\n/)
    assert.match(text, /2\. rate-limiting \(route\) {2}kong\.yml:10:/)
    assert.match(text, /in place of plugin rate-limiting on service 's' {2}kong\.yml:12:/)
  })

  it('holds nothing that a terminal would obey', () => {
    const text = 'routes: [{name: "a", hosts: [b.test], paths: ["/\\u009b\\u202e"]}]\n'
    const found = explained(text, '/\u001b]0;x', { headers: ['Host: b.test'] })
    for (const format of [pretty, json]) {
      assert.doesNotMatch(format(found, { hasColor: false }), /[\u001b\u009b\u202e]/)
    }
  })

  it('is JSON for programs, with the exit code', () => {
    const report = JSON.parse(json(explained(LAYERS, '/q'), { hasColor: false })) as object
    assert.deepEqual(Object.keys(report).slice(0, 4), ['file', 'request', 'verdict', 'exitCode'])
    assert.equal('exitCode' in report && report.exitCode, 1)
  })
})
