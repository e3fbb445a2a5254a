// gw explain and a gateway that gets the same requests agree: on the route, on what the target gets, on what is refused.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { RequestWords } from '../../../src/gateway/explain/request.js'
import {
  assertAgree,
  assertSameAnswer,
  assertSameHead,
  compareWithGateway,
  type Pair,
  type Scenario,
} from '../../support/explaining.js'
import { Random } from '../../support/random.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { projectRoot } from '../../support/root.js'

let target: RecordingTarget
before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())

type Words = readonly [string, ...string[]]

interface Vocabulary {
  readonly methods: Words
  readonly hosts: Words
  readonly paths: Words
  /** Lines; an empty one stands for none. */
  readonly headers: Words
}

function requestsFrom(
  { methods, hosts, paths, headers }: Vocabulary,
  count: number,
  { scheme = 'http', always = [] as readonly string[] } = {},
): RequestWords[] {
  const random = new Random(11)
  return Array.from({ length: count }, () => ({
    method: random.pick(methods),
    url: `${scheme}://${random.pick(hosts)}${random.pick(paths)}`,
    headers: [random.pick(headers), random.pick(headers), ...always].filter((line) => line !== ''),
  }))
}

async function agreeing(scenario: Omit<Scenario, 'target'>): Promise<Pair[]> {
  const pairs = await compareWithGateway({ ...scenario, target })
  for (const pair of pairs) assertAgree(pair)
  return pairs
}

function verdicts(pairs: readonly Pair[]): Set<string> {
  return new Set(pairs.map(({ explanation }) => explanation.verdict))
}

/** Routes that compete in every way in which one goes before another. */
function competing(port: number): string {
  const service = `http://127.0.0.1:${port}`
  return `_format_version: "3.0"
services:
- {name: plain, url: "${service}", routes: [
    {name: all, paths: [/]}, {name: a, paths: [/a]}, {name: ab, paths: [/a/b], strip_path: false},
    {name: post, paths: [/a], methods: [POST]}, {name: env, paths: [/a], headers: {x-env: [prod, test]}},
    {name: match, headers: {x-env: ["~*^dev-[0-9]+$"]}, preserve_host: true},
    {name: two, paths: [/a], headers: {x-env: [prod], x-team: [red]}}]}
- {name: based, url: "${service}/base/", routes: [
    {name: host, hosts: [a.test], paths: [/a]}, {name: wild, hosts: ["*.test", "b.*"], preserve_host: true},
    {name: port, hosts: ["a.test:8080"], paths: [/p]}, {name: odd, paths: ["/ä", /a-b], hosts: [c.test]},
    {name: digits, paths: ['~/r/(?<id>\\d+)'], regex_priority: 5}, {name: any, paths: ['~/r/.*x$']},
    {name: negative, paths: ['~/r/neg'], regex_priority: -1},
    {name: four, paths: [/r], hosts: [a.test], methods: [GET], headers: {x-env: [prod]}}]}
- {name: closed, url: "${service}", enabled: false, routes: [{name: gone, paths: [/a/b/c/d]}]}
routes:
- {name: secure, paths: [/secure], protocols: [https]}
- {name: moved, paths: [/moved], protocols: [https], https_redirect_status_code: 301}
- {name: rpc, paths: [/rpc], protocols: [grpc, grpcs], strip_path: false}
- {name: lone, paths: [/lone], hosts: [d.test]}
- {name: named, paths: [/secure], snis: [a.test]}
- {name: tcp, protocols: [tcp], destinations: [{port: 9000}]}
`
}

const VOCABULARY: Vocabulary = {
  methods: ['GET', 'GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'TRACE'],
  hosts: ['a.test', 'a.test:8080', 'x.test', 'b.test', 'b.org', 'c.test', 'd.test', 'A.test'],
  paths: [
    ...([
      '/',
      '/a',
      '/a/',
      '/a/b',
      '/a/b?x=1&y=%20',
      '/ab',
      '/a/b/c/d',
      '/a//b',
      '/a/./b',
    ] as const),
    ...['/%61/b', '/a%2Fb', '/r/12', '/r/12x', '/r/neg', '/r/negx', '/secure', '/secure/x?a=b'],
    ...['/moved/y?z', '/rpc', '/lone', '/lone/1', '/p', '/ä', '/%C3%A4/1', '/a/../../b', '/a%00'],
  ],
  headers: [
    ...(['', '', '', 'X-Env: prod', 'X-Env: TEST', 'X-Env: dev-12', 'x-team: red'] as const),
    ...[
      'Accept: text/html',
      'Content-Type: application/grpc',
      'Accept: text/plain;q=0.5',
      'TE: trailers',
    ],
    ...[
      'X-Forwarded-Proto: https',
      'X-Forwarded-For: 10.0.0.1',
      'Via: 1.0 proxy',
      'Connection: x-env',
    ],
  ],
}

describe('gw explain agrees with a gateway', () => {
  for (const engine of ['uws', 'http1']) {
    it(`on routes that compete, on ${engine}`, async () => {
      const requests = requestsFrom(VOCABULARY, 300)
      const env = { GW_ENGINE: engine }
      const pairs = await agreeing({ config: competing(target.port), requests, env })
      for (const pair of pairs) {
        assertSameHead(pair)
        assertSameAnswer(pair)
      }
      assert.deepEqual(verdicts(pairs), new Set(['proxied', 'refused']))
      const routes = new Set(pairs.map(({ explanation }) => explanation.route?.name))
      assert.ok(routes.size > 15, `only ${[...routes].join(', ')}`)
    })
  }

  it('over TLS, and behind a proxy that is trusted', async () => {
    const config = competing(target.port)
    const hosts: Words = ['127.0.0.1']
    const names = ['Host: a.test', 'Host: x.test', 'Host: d.test'] as const
    const headers: Words = [...VOCABULARY.headers, 'X-Forwarded-Host: z.test']
    const secure = requestsFrom({ ...VOCABULARY, hosts, headers }, 60, { scheme: 'https' })
    const requests = secure.map((words, index) => ({
      ...words,
      headers: [...words.headers, names[index % 3] ?? ''],
    }))
    const plain = requestsFrom({ ...VOCABULARY, headers }, 60)
    const env = { KONG_TRUSTED_IPS: '127.0.0.1', KONG_REAL_IP_HEADER: 'X-Forwarded-For' }
    const pairs = [
      ...(await agreeing({ config, requests, tls: true, env })),
      ...(await agreeing({ config, requests: plain, env })),
    ]
    for (const pair of pairs) {
      assertSameHead(pair)
      assertSameAnswer(pair)
    }
  })

  it('on kong.yml.example, whose plugins let the requests pass', async () => {
    const config = readFileSync(join(projectRoot, 'kong.yml.example'), 'utf8')
      .replaceAll('127.0.0.1:9080', `127.0.0.1:${target.port}`)
      .replace(/minute: 60\n +hour: 1000/, 'minute: 60000')
    const vocabulary: Vocabulary = {
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      hosts: ['127.0.0.1:8000', 'any.test'],
      paths: [
        '/open',
        '/open/a?b',
        '/openly',
        '/orders',
        '/orders/42',
        '/orders/42/items',
        '/x',
        '/',
      ],
      headers: ['', 'Accept: text/html'],
    }
    const requests = requestsFrom(vocabulary, 100, { always: ['apikey: alice-demo-key'] })
    assert.deepEqual(
      verdicts(await agreeing({ config, requests })),
      new Set(['proxied', 'refused']),
    )
  })

  it('that a plugin answers in place of the target', async () => {
    const config = readFileSync(join(projectRoot, 'kong.yml.example'), 'utf8')
    const requests = [{ method: 'GET', url: '/v1/a', headers: [] }]
    const [pair] = await compareWithGateway({ config, requests, target })
    assert.equal(pair?.explanation.verdict, 'plugin')
    assert.equal(pair.answer.status, 410)
    assert.equal(pair.answer.headers['kong-route-name'], pair.explanation.route?.name)
  })
})
