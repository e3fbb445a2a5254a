import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { makeHeaders, makeQuestion, makeRoute, makeService } from '../../../test/support/routes.js'
import type { Route } from '../../model/entities.js'
import type { RouteMatch, RouteQuestion } from '../contract.js'
import { createRouter } from '../index.js'
import { upstreamPath } from '../upstream-path.js'

type Fields = Partial<Route>
type Question = Partial<RouteQuestion>

function routerOf(routes: readonly Fields[]) {
  return createRouter(
    routes.map((fields, i) => makeRoute(i, fields)),
    { flavour: 'traditional' },
  )
}

function ask(routes: readonly Fields[], question: Question): RouteMatch | null {
  return routerOf(routes).match(makeQuestion(question))
}

/** The number of the route that wins; -1 for none. */
function winner(routes: readonly Fields[], question: Question): number {
  const name = ask(routes, question)?.route.name
  return name === undefined ? -1 : Number(name?.replace('route-', ''))
}

const headers = (...names: string[]): RouteQuestion['headers'] =>
  makeHeaders(...names.map((name) => [name, '1'] as const))

describe('in flavour traditional, of two routes', () => {
  const table: readonly (readonly [string, readonly Fields[], Question, number])[] = [
    [
      'more attributes win over a longer path',
      [{ paths: ['/a/b/c'] }, { paths: ['/a'], methods: ['GET'] }],
      { path: '/a/b/c' },
      1,
    ],
    [
      'a host wins over a header',
      [{ headers: { 'x-a': ['1'] } }, { hosts: ['a.test'] }],
      { host: 'a.test', headers: headers('X-A') },
      1,
    ],
    [
      'a header wins over a path',
      [{ paths: ['/a'] }, { headers: { 'x-a': ['1'] } }],
      { path: '/a', headers: headers('X-A') },
      1,
    ],
    ['a path wins over a method', [{ methods: ['GET'] }, { paths: ['/'] }], {}, 1],
    [
      'plain hosts win over wildcards',
      [{ hosts: ['*.test'] }, { hosts: ['a.test'] }],
      { host: 'a.test' },
      1,
    ],
    [
      'a wildcard with a port wins over one without',
      [{ hosts: ['*.test'] }, { hosts: ['*.test:81'] }],
      { host: 'a.test:81' },
      1,
    ],
    [
      'a regex wins over a longer path',
      [{ paths: ['/a/b/c'] }, { paths: ['~/a'] }],
      { path: '/a/b/c' },
      1,
    ],
    [
      'a higher regex_priority wins',
      [{ paths: ['~/a/.'] }, { paths: ['~/a'], regex_priority: 1 }],
      { path: '/a/b' },
      1,
    ],
    ['a longer path wins', [{ paths: ['/a'] }, { paths: ['/a/b'] }], { path: '/a/b/c' }, 1],
    [
      'the older one wins',
      [
        { paths: ['/a'], created_at: 2 },
        { paths: ['/a'], created_at: 1 },
      ],
      { path: '/a' },
      1,
    ],
    [
      'the first in the file wins when all else is equal',
      [{ paths: ['/a'] }, { paths: ['/a'] }],
      { path: '/a' },
      0,
    ],
    [
      'the one with more header names wins',
      [{ headers: { 'x-a': ['1'] } }, { headers: { 'x-a': ['1'], 'x-b': ['1'] } }],
      { headers: headers('X-A', 'X-B') },
      1,
    ],
    [
      'the one with fewer attributes still gets what the other does not want',
      [{ paths: ['/a'] }, { paths: ['/a'], methods: ['PUT'] }],
      { path: '/a' },
      0,
    ],
    [
      'the one under the first header of the index wins over one that ranks higher',
      [
        { headers: { 'x-b': ['1'] }, paths: ['~/a'] },
        { headers: { 'x-a': ['1'] }, paths: ['/a'] },
        { headers: { 'x-a': ['1'], 'x-b': ['1'] }, paths: ['~/z'] },
      ],
      { path: '/a', headers: headers('X-A', 'X-B') },
      1,
    ],
  ]
  for (const [title, routes, question, expected] of table) {
    it(title, () => {
      assert.equal(winner(routes, question), expected)
    })
  }
})

describe('in flavour traditional, a host', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['a.test', 'a.test', true],
    ['a.test', 'a.test:81', true],
    ['a.test', 'A.test', false],
    ['a.test:80', 'a.test:80', true],
    ['a.test:80', 'a.test', false],
    ['*.test', 'a.b.test', true],
    ['*.test', 'a.b.test:81', true],
    ['*.test', 'test', false],
    ['a.*', 'a.b.c', true],
    ['*.test:80', 'a.test', true],
    ['*.test:81', 'a.test', false],
    ['*.test:81', 'a.test:81', true],
  ]
  for (const [host, sent, expected] of table) {
    it(`${host} ${expected ? 'takes' : 'does not take'} ${sent}`, () => {
      assert.equal(winner([{ hosts: [host] }], { host: sent }), expected ? 0 : -1)
    })
  }

  it('stands for port 443 without one on TLS', () => {
    const routes = [{ hosts: ['*.test:443'] }]
    assert.equal(winner(routes, { host: 'a.test', secure: true }), 0)
    assert.equal(winner(routes, { host: 'a.test' }), -1)
  })
})

describe('in flavour traditional, a route', () => {
  it('is tried by each of its paths', () => {
    const routes = [{ paths: ['/a', '~/b/\\d+', '/c/d'] }, { paths: ['/c'] }]
    const winners = ['/a/x', '/b/1', '/b/x', '/c/d', '/c'].map((path) => winner(routes, { path }))
    assert.deepEqual(winners, [0, 0, -1, 0, 1])
  })

  it('of a disabled service is none', () => {
    const service = makeService({ enabled: false })
    assert.equal(winner([{ paths: ['/'], service }], {}), -1)
  })

  it('with snis matches a plain connection, to be told of TLS', () => {
    const routes = [{ paths: ['/a'], snis: ['a.test'] }]
    assert.equal(winner(routes, { path: '/a' }), 0)
    assert.equal(winner(routes, { path: '/a', secure: true, serverName: 'a.test' }), 0)
    assert.equal(winner(routes, { path: '/a', secure: true, serverName: 'b.test' }), -1)
  })

  it('with snis is passed over on a plain connection that another category is meant for', () => {
    const routes = [{ paths: ['/a'], snis: ['a.test'] }, { paths: ['/a'] }]
    assert.equal(winner(routes, { path: '/a' }), 1)
  })

  it('takes a pattern in a header as it is written, on the value in lower case', () => {
    const routes = [{ headers: { 'x-a': ['~*^\\S+$'] } }]
    assert.equal(winner(routes, { headers: makeHeaders(['X-A', 'Abc']) }), 0)
    assert.equal(winner(routes, { headers: makeHeaders(['X-A', 'a b']) }), -1)
  })

  it('keeps the captures of a regex, with the path as the whole match', () => {
    const match = ask([{ paths: ['~/u/(?<id>\\d+)'] }], { path: '/u/7/books' })
    assert.equal(match?.prefix, '/u/7')
    assert.deepEqual(match.captures?.unnamed, ['/u/7/books', '7'])
    assert.equal(match.captures.named.id, '7')
  })

  it('is joined with its service as its path_handling says', () => {
    const router = routerOf([{ paths: ['/u'], strip_path: false, path_handling: 'v1' }])
    const match = router.match(makeQuestion({ path: '/u/x' }))
    assert.ok(match)
    const handling = router.pathHandling(match.route)
    assert.equal(upstreamPath(match, '/u/x', '/svc', handling), '/svcu/x')
  })
})
