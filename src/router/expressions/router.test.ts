import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { makeHeaders, makeQuestion, makeRoute, makeService } from '../../../test/support/routes.js'
import type { Route } from '../../model/entities.js'
import type { RouteMatch, RouteQuestion } from '../contract.js'
import { createRouter } from '../index.js'

type Fields = Partial<Route>
type Question = Partial<RouteQuestion>

function ask(routes: readonly Fields[], question: Question): RouteMatch | null {
  const router = createRouter(
    routes.map((fields, i) => makeRoute(i, fields)),
    { flavour: 'expressions' },
  )
  return router.match(makeQuestion(question))
}

/** The number of the route that wins; -1 for none. */
function winner(routes: readonly Fields[], question: Question): number {
  const name = ask(routes, question)?.route.name
  return name === undefined ? -1 : Number(name?.replace('route-', ''))
}

const path = (text: string): Question => ({ path: text })
const query = (querySuffix: string): Question => ({
  origin: { clientIp: '127.0.0.1', querySuffix },
})
const from = (clientIp: string): Question => ({ origin: { clientIp, querySuffix: '' } })
const many = (...values: string[]): Question => ({
  headers: makeHeaders(...values.map((value) => ['X-Many', value] as const)),
})

describe('an expression', () => {
  const table: readonly (readonly [string, readonly Question[], readonly Question[]])[] = [
    ['http.path == "/a"', [path('/a')], [path('/a/'), path('/A')]],
    ['http.path != "/a"', [path('/b')], [path('/a')]],
    ['http.path ^= "/a"', [path('/a'), path('/ab')], [path('/b/a')]],
    ['http.path =^ ".js"', [path('/a.js')], [path('/a.jsx')]],
    ['http.path contains "b"', [path('/abc')], [path('/ac')]],
    ['http.path ~ r#"/\\d+$"#', [path('/a/12')], [path('/a/12/')]],
    ['lower(http.path) == "/low"', [path('/LOW')], [path('/lo')]],
    ['http.path.segments.0 == "a"', [path('/a'), path('/a/b')], [path('/b/a'), path('/')]],
    ['http.path.segments.1_2 == "b/c"', [path('/a/b/c'), path('/a/b/c/d')], [path('/a/b')]],
    ['http.path.segments.len == 2', [path('/a/b'), path('/a/b/')], [path('/a'), path('/')]],
    ['http.path.segments.len == 0', [path('/')], [path('/a')]],
    ['http.method == "GET"', [{}], [{ method: 'POST' }]],
    ['http.host == "a.test"', [{ host: 'a.test' }, { host: 'a.test:81' }], [{ host: 'b.test' }]],
    ['http.host != "a.test"', [{ host: 'b.test' }], [{ host: 'a.test' }, { host: '' }]],
    ['net.protocol == "https"', [{ secure: true }], [{}]],
    ['tls.sni == "a.test"', [{ secure: true, serverName: 'a.test' }], [{}, { secure: true }]],
    ['net.dst.port == 8000', [{}, { host: 'a:8000' }], [{ host: 'a:81' }, { port: 1 }]],
    ['net.dst.port != 8000', [{ port: 1 }], [{}]],
    ['net.dst.port > 8000', [{ port: 8001 }], [{}]],
    ['net.dst.port >= 8000', [{}], [{ port: 7999 }]],
    ['net.dst.port < 8000', [{ port: 7999 }], [{}]],
    ['net.dst.port <= 8000', [{}], [{ port: 8001 }]],
    ['net.src.ip == 127.0.0.2', [from('127.0.0.2')], [{}, from('::1'), from('')]],
    ['net.src.ip != 127.0.0.2', [{}, from('::1')], [from('127.0.0.2'), from('')]],
    ['net.src.ip in 10.0.0.0/8', [from('10.1.2.3')], [{}, from('::1')]],
    ['net.src.ip not in 10.0.0.0/8', [{}], [from('10.1.2.3'), from('')]],
    ['net.src.ip in fd00::/8', [from('fd12::1')], [from('fe80::1'), {}]],
    ['http.headers.x_many == "a"', [many('a'), many('a', 'a')], [many('a', 'b'), {}]],
    ['http.headers.x_many != "a"', [many('b')], [many('b', 'a'), {}]],
    ['any(http.headers.x_many) == "a"', [many('b', 'a')], [many('b'), {}]],
    ['any(http.headers.x_many) != "a"', [many('b', 'a')], [many('a'), {}]],
    ['any(lower(http.headers.x_many)) == "a"', [many('B', 'A')], [many('B')]],
    ['http.queries.k == "v"', [query('?k=v'), query('?a&k=%76')], [query('?k=v&k=w'), {}]],
    ['any(http.queries.k) == "w"', [query('?k=v&k=w')], [query('?k=v')]],
    ['http.queries.k == ""', [query('?k'), query('?k=')], [query('?k=1'), {}]],
    ['!(http.headers.x_many == "a")', [{}, many('b')], [many('a')]],
    [
      'http.path == "/a" || http.path == "/b" && http.method == "GET"',
      [path('/a'), path('/b')],
      [path('/c'), { path: '/a', method: 'PUT' }],
    ],
    [
      '(http.host == "a" && http.path ^= "/a") || (http.host == "b" && http.path ^= "/b")',
      [
        { host: 'a', path: '/a/x' },
        { host: 'b', path: '/b' },
      ],
      [
        { host: 'a', path: '/b' },
        { host: 'c', path: '/a' },
      ],
    ],
    [
      'http.host == "a" || http.method == "PUT"',
      [{ host: 'a' }, { method: 'PUT' }],
      [{ host: 'b' }],
    ],
  ]
  for (const [expression, yes, no] of table) {
    it(`${expression} takes what it says`, () => {
      for (const question of yes) assert.equal(winner([{ expression }], question), 0)
      for (const question of no) assert.equal(winner([{ expression }], question), -1)
    })
  }
})

describe('of two routes by expression', () => {
  const expression = 'http.path ^= "/a"'

  it('the one of the higher priority wins, however narrow the other', () => {
    const routes = [
      { expression: 'http.path == "/a" && http.host == "a.test"', priority: 1 },
      { expression: 'http.method == "GET"', priority: 2 },
    ]
    assert.equal(winner(routes, { path: '/a', host: 'a.test' }), 1)
    assert.equal(winner(routes, { path: '/a', host: 'a.test', method: 'PUT' }), 0)
  })

  it('the one with the greater id wins when their priority is the same', () => {
    assert.equal(winner([{ expression }, { expression }], path('/a')), 1)
    assert.equal(winner([{ expression, priority: 1 }, { expression }], path('/a')), 0)
  })

  it('either wins over a route that is written in the classic way', () => {
    const routes = [{ expression }, { paths: ['/a/b'], methods: ['GET'] }]
    assert.equal(winner(routes, path('/a/b')), 0)
    assert.equal(winner(routes, { path: '/a/b', method: 'PUT' }), 0)
    assert.equal(winner([{ expression: 'http.method == "PUT"' }, { paths: ['/a'] }], path('/a')), 1)
  })
})

describe('a route by expression', () => {
  const expression = 'http.path == "/a"'

  it('takes its protocols alone', () => {
    const rows = [
      [['http'], true, false],
      [['grpc'], true, false],
      [['grpcs'], false, true],
      [['http', 'https'], true, true],
      // So that it can send plain requests away.
      [['https'], true, true],
    ] as const
    for (const [protocols, plain, secure] of rows) {
      const found = [false, true].map(
        (isSecure) => winner([{ expression, protocols }], { path: '/a', secure: isSecure }) === 0,
      )
      assert.deepEqual(found, [plain, secure], protocols.join())
    }
  })

  it('for streams, or of a disabled service, is none', () => {
    const service = makeService({ enabled: false })
    assert.equal(winner([{ expression, service }], path('/a')), -1)
    assert.equal(winner([{ expression: 'net.dst.port > 1', protocols: ['tcp'] }], {}), -1)
  })

  it('strips what the path has last been compared with', () => {
    const rows: readonly (readonly [string, string, string])[] = [
      ['http.path ^= "/strip"', '/strip/x', '/strip'],
      ['http.path == "/strip"', '/strip', '/strip'],
      ['http.path ~ "^/re/[a-z]+"', '/re/abc/d', '/re/abc'],
      ['http.path ^= "/a" && http.path ^= "/a/b"', '/a/b/c', '/a/b'],
      ['http.path ^= "/a/b" && http.path ^= "/a"', '/a/b/c', '/a'],
      ['http.path ^= "/a" && !(http.path ^= "/a/b")', '/a/c', '/a'],
      ['http.path contains "a"', '/a', ''],
      ['http.path.segments.0 == "a"', '/a', ''],
    ]
    for (const [text, asked, prefix] of rows) {
      assert.equal(ask([{ expression: text }], path(asked))?.prefix, prefix, text)
    }
  })

  it('keeps what its regexes have captured, the later over the earlier', () => {
    const text = 'http.path ~ "^/(?<a>x)/(y)?" && http.method ~ "(?<b>G)ET"'
    const captures = ask([{ expression: text }], path('/x/y'))?.captures
    assert.deepEqual(captures?.unnamed, ['GET', 'G', 'y'])
    assert.deepEqual({ ...captures.named }, { a: 'x', b: 'G' })
  })

  it('has no captures of a regex that did not match, or had no groups', () => {
    const text = 'http.path ~ "/(z)" || http.path ~ "/x"'
    assert.equal(ask([{ expression: text }], path('/x'))?.captures, null)
  })

  it('knows nothing of the last request', () => {
    const router = createRouter(
      [
        makeRoute(0, { expression: 'http.path ~ "^/(a)"' }),
        makeRoute(1, { expression: 'http.path contains "b"' }),
      ],
      { flavour: 'expressions' },
    )
    assert.equal(router.match(makeQuestion(path('/a')))?.captures?.unnamed[1], 'a')
    const second = router.match(makeQuestion(path('/b')))
    assert.deepEqual([second?.prefix, second?.captures], ['', null])
    assert.equal(router.match(makeQuestion(path('/c'))), null)
  })
})
