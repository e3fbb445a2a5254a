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
    { flavour: 'traditional_compatible' },
  )
  return router.match(makeQuestion(question))
}

/** Asks a table of one route; the rows are what it matches and what it does not. */
function rows(
  title: string,
  fields: Fields,
  yes: readonly Question[],
  no: readonly Question[],
): void {
  it(title, () => {
    for (const question of yes) assert.notEqual(ask([fields], question), null, show(question))
    for (const question of no) assert.equal(ask([fields], question), null, show(question))
  })
}

function show(question: Question): string {
  const headers = [...(question.headers?.entries() ?? [])].join(' ')
  return JSON.stringify({ ...question, headers })
}

const paths = (...list: string[]): Question[] => list.map((path) => ({ path }))
const hosts = (...list: string[]): Question[] => list.map((host) => ({ host }))
const header = (...lines: (readonly [string, string])[]): Question => ({
  headers: makeHeaders(...lines),
})

describe('what a route matches', () => {
  rows('everything, without attributes', {}, [{}, { path: '/x', method: 'PUT' }], [])
  rows(
    'nothing, when its service is disabled',
    { service: makeService({ enabled: false }) },
    [],
    [{}],
  )
  rows('nothing of HTTP, when it is for streams', { protocols: ['tcp', 'tls'] }, [], [{}])
  rows('everything, when it is for gRPC', { protocols: ['grpc'] }, [{}], [])
  rows(
    'no less for empty lists',
    { hosts: [], paths: [], methods: [], headers: {}, snis: [] },
    [{}],
    [],
  )

  rows(
    'methods exactly',
    { methods: ['GET', 'purge'] },
    [{ method: 'GET' }, { method: 'purge' }],
    [{ method: 'get' }, { method: 'PURGE' }, { method: 'POST' }],
  )
  rows(
    'plain paths as prefixes of text, not of segments',
    { paths: ['/rou', '/x/'] },
    paths('/rou', '/route', '/rou/te', '/x/', '/x/y'),
    paths('/', '/ro', '/ROU', '/x', '/a/rou'),
  )
  rows('paths beyond ASCII', { paths: ['/日本'] }, paths('/日本', '/日本語'), paths('/日', '/本'))
  rows(
    'regex paths from the start, open at the end',
    { paths: ['~/v[12]/(?<id>\\d+)'] },
    paths('/v1/2', '/v2/3/x'),
    paths('/v3/1', '/v1/x', '/a/v1/2'),
  )

  rows(
    'hosts with any port, in the spelling of the configuration',
    { hosts: ['one.test'] },
    hosts('one.test', 'one.test:80', 'one.test:8080'),
    hosts('ONE.test', 'one.test.', 'xone.test', 'one.test:http', ''),
  )
  rows(
    'hosts with a port on that port, be it the listener’s',
    { hosts: ['one.test:8080'] },
    [...hosts('one.test:8080'), { host: 'one.test', port: 8080 }],
    [...hosts('one.test', 'one.test:80'), { host: 'one.test:80', port: 8080 }],
  )
  rows(
    'wildcards in front',
    { hosts: ['*.two.test'] },
    hosts('a.two.test', 'a.b.two.test', '.two.test', 'a.two.test:9090'),
    hosts('two.test', 'atwo.test', 'a.two.test.x'),
  )
  rows(
    'wildcards behind',
    { hosts: ['two.*'] },
    hosts('two.test', 'two.a.b', 'two.'),
    hosts('two', 'a.two.test', 'twos.test'),
  )
  rows(
    'wildcards with a port',
    { hosts: ['*.two.test:9090', 'three.*:90'] },
    [...hosts('a.two.test:9090', 'three.x:90'), { host: 'a.two.test', port: 9090 }],
    hosts('a.two.test', 'a.two.test:90', 'three.x:9090'),
  )
  rows('IPv6 addresses as a whole', { hosts: ['[::1]'] }, hosts('[::1]'), hosts('[::1]:80', '::1'))

  rows(
    'headers by name and value in any case',
    { headers: { 'X-V': ['v1', 'V2'] } },
    [header(['x-v', 'V1']), header(['X-v', 'v2']), header(['x-v', 'zz'], ['x-v', 'v1'])],
    [
      {},
      header(['x-v', 'v1,v2']),
      header(['x-v', 'v3']),
      header(['x-w', 'v1']),
      header(['x_v', 'v1']),
    ],
  )
  rows(
    'headers that are all there',
    { headers: { 'x-v': ['1'], 'x-w': ['2'] } },
    [header(['x-w', '2'], ['x-v', '1'])],
    [header(['x-v', '1']), header(['x-v', '1'], ['x-w', '3'])],
  )
  rows(
    'header values by regex, anywhere in the value',
    { headers: { 'x-r': ['~*abc-\\d'] } },
    [header(['x-r', 'zABC-1z'])],
    [header(['x-r', 'abc'])],
  )

  const tls = (serverName: string): Question => ({ secure: true, serverName })
  rows(
    'server names over TLS alone',
    { snis: ['one.test.', '*.wild.test', 'behind.*'] },
    [tls('one.test'), tls('ONE.test'), tls('a.wild.test'), tls('behind.x'), { serverName: '' }],
    [tls(''), tls('two.test'), tls('wild.test')],
  )
})

describe('what a match says', () => {
  it('names the plain path as prefix', () => {
    const match = ask([{ paths: ['/a', '/a/b'] }], { path: '/a/b/c' })
    assert.deepEqual([match?.prefix, match?.captures], ['/a/b', null])
  })

  it('has an empty prefix without paths', () => {
    assert.equal(ask([{}], { path: '/a' })?.prefix, '')
  })

  it('has the matched text and the groups of a regex', () => {
    const match = ask([{ paths: ['~/u/(?<id>\\d+)/(\\w+)(?<opt>x)?'] }], { path: '/u/7/books-1' })
    assert.equal(match?.prefix, '/u/7/books')
    assert.deepEqual(match.captures?.unnamed, ['/u/7/books', '7', 'books', undefined])
    assert.deepEqual({ ...match.captures.named }, { id: '7' })
  })

  it('has no captures when the first group took no part, as in Kong', () => {
    assert.equal(ask([{ paths: ['~/o/(x)?(y)'] }], { path: '/o/y' })?.captures, null)
    assert.equal(ask([{ paths: ['~/o'] }], { path: '/o' })?.captures, null)
  })

  it('is the same object each time for a plain path', () => {
    const router = createRouter([makeRoute(0, { paths: ['/a'] })], {
      flavour: 'traditional_compatible',
    })
    assert.equal(
      router.match(makeQuestion({ path: '/a' })),
      router.match(makeQuestion({ path: '/ab' })),
    )
  })
})

describe('which of several routes wins', () => {
  /** Both orders of the two routes, so that neither ids nor places decide. */
  function beats(title: string, winner: Fields, loser: Fields, question: Question): void {
    it(title, () => {
      const first = ask(
        [
          { ...winner, name: 'winner' },
          { ...loser, name: 'loser' },
        ],
        question,
      )
      const second = ask(
        [
          { ...loser, name: 'loser' },
          { ...winner, name: 'winner' },
        ],
        question,
      )
      assert.deepEqual([first?.route.name, second?.route.name], ['winner', 'winner'])
    })
  }
  const all: Question = {
    host: 'h.test',
    path: '/a/b/c',
    headers: makeHeaders(['x-a', '1'], ['x-b', '2']),
  }
  const x1 = { 'x-a': ['1'] }
  const x2 = { 'x-a': ['1'], 'x-b': ['2'] }

  beats('the longer plain path', { paths: ['/a/b'] }, { paths: ['/a'] }, all)
  beats('a regex before a plain path', { paths: ['~/a'] }, { paths: ['/a/b/c'] }, all)
  beats('more attributes', { methods: ['GET'], paths: ['/'] }, { paths: ['/a/b/c'] }, all)
  beats('plain hosts before wildcards', { hosts: ['h.test'] }, { hosts: ['h.*'] }, all)
  beats('plain hosts before a mixture', { hosts: ['h.test'] }, { hosts: ['h.test', 'x.*'] }, all)
  beats('more header names', { headers: x2 }, { headers: x1 }, all)
  beats(
    'the higher regex_priority',
    { paths: ['~/a'], regex_priority: 2 },
    { paths: ['~/a/b/c'], regex_priority: 1 },
    all,
  )
  // From here on what Kong's 32-bit arithmetic makes of it; recorded in its conformance case random-compatible-1.
  beats(
    'plain hosts before two attributes',
    { hosts: ['h.test'] },
    { methods: ['GET'], paths: ['/'] },
    all,
  )
  beats(
    'a regex before two attributes',
    { paths: ['~/a'] },
    { methods: ['GET'], paths: ['/a/b/c'] },
    all,
  )
  beats(
    'four attributes before plain hosts',
    { hosts: ['h.*'], methods: ['GET'], paths: ['/'], headers: x1 },
    { hosts: ['h.test'], methods: ['GET'], paths: ['~/a'] },
    all,
  )
  beats(
    'a negative regex_priority before all',
    { paths: ['~/a'], regex_priority: -1 },
    { hosts: ['h.test'], paths: ['~/a'], regex_priority: 100 },
    all,
  )
  beats(
    'two steps of regex_priority as much as a header name',
    { paths: ['~/a'], headers: x1, regex_priority: 4 },
    { paths: ['~/a'], headers: x2, regex_priority: 1 },
    all,
  )

  it('the first of its regexes that matches, in the order of the file', () => {
    const table = [{ paths: ['~/a/b', '~/a', '~/a/b/c'] }]
    assert.equal(ask(table, all)?.prefix, '/a/b')
    assert.equal(ask(table, { path: '/a/x' })?.prefix, '/a')
  })

  it('the greater id among equals, in any case', () => {
    const low = { id: 'AAAAAAAA-0000-4000-8000-000000000000', paths: ['/a'] }
    const high = { id: 'bbbbbbbb-0000-4000-8000-000000000000', paths: ['/a'] }
    assert.equal(ask([low, high], all)?.route.id, high.id)
    assert.equal(ask([high, low], all)?.route.id, high.id)
  })

  it('by the ids of their parts among routes with paths of several kinds', () => {
    // UUIDv5 of `<id>#1` in Kong's namespace begins with 4c, ba, e5, 2e, 89 and d9.
    const ids = [1, 2, 3, 4, 5, 6].map((n) => `00000000-0000-4000-8000-00000000000${n}`)
    const table = ids.map((id) => ({ id, paths: ['/a', '/a/b/c/d'] }))
    const winner = ask(table, all)?.route.id
    assert.equal(winner, '00000000-0000-4000-8000-000000000003')
  })
})
