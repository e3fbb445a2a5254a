import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { makeHeaders, makeQuestion, makeRoute, makeService } from '../../test/support/routes.js'
import type { Route } from '../model/entities.js'
import type { RouteQuestion } from './contract.js'
import { describeExample } from './example.js'
import { createRouter } from './index.js'
import { findShadows } from './shadow.js'

/** `route-2 paths[0] < route-1: GET http://any.test/x`, by the numbers that the routes are given here. */
function shadowsOf(...routes: readonly Partial<Route>[]): string[] {
  const made = routes.map((fields, index) => makeRoute(index + 1, fields))
  return Array.from(findShadows(made), ({ route, path, winner, example, isTie }) => {
    const part = path === null ? '' : ` paths[${path}]`
    return `${route.name}${part} < ${winner.name}${isTie ? ' by id' : ''}: ${describeExample(example)}`
  })
}

describe('a route is shadowed', () => {
  it('by one with the same conditions and a greater id', () => {
    assert.deepEqual(shadowsOf({ paths: ['/a'] }, { paths: ['/a'] }), [
      'route-1 < route-2 by id: GET http://any.test/a',
    ])
  })

  it('by a regex path that takes all of its plain one, however long that is', () => {
    assert.deepEqual(shadowsOf({ paths: ['/api/users/all'] }, { paths: ['~/api/.*$'] }), [
      'route-1 < route-2: GET http://any.test/api/users/all',
    ])
  })

  it('by a regex path of higher regex_priority', () => {
    assert.deepEqual(
      shadowsOf({ paths: ['~/v1/(?<id>\\d+)$'] }, { paths: ['~/v1/'], regex_priority: 5 }),
      ['route-1 < route-2: GET http://any.test/v1/1'],
    )
  })

  it('by one whose path is the root, where it sets none itself', () => {
    const found = shadowsOf({ hosts: ['a.test'], paths: ['/'] }, { hosts: ['a.test:80'] })
    assert.deepEqual(found, ['route-2 < route-1: GET http://a.test:80/'])
  })

  it('by several that share its hosts and methods among them', () => {
    const narrow = { hosts: ['a.test', 'b.test'], methods: ['GET', 'POST'] }
    const headers = { 'x-env': ['prod'] }
    assert.deepEqual(
      shadowsOf(
        { ...narrow, headers },
        { hosts: ['a.test'], methods: ['GET'], headers, paths: ['/'] },
        { hosts: ['a.test'], methods: ['POST'], headers, paths: ['/'] },
        { hosts: ['b.test'], methods: ['POST', 'GET'], headers, paths: ['/'] },
      ),
      ['route-1 < route-2: GET http://a.test/ with x-env: prod'],
    )
  })

  it('with an example in which wildcards, headers and SNIs stand for themselves', () => {
    const fields = {
      hosts: ['*.a.test:8443'],
      headers: { 'X-Kind': ['~*^b+c$'] },
      snis: ['*.a.test'],
      paths: ['~/x/[0-9]{2}$'],
    }
    assert.deepEqual(shadowsOf(fields, { ...fields, paths: ['~/x/'], regex_priority: 1 }), [
      'route-1 < route-2: GET https://any.a.test:8443/x/11 with x-kind: bc',
    ])
  })

  it('in one of its paths, while another one is its own', () => {
    assert.deepEqual(shadowsOf({ paths: ['/b', '/a/x'] }, { paths: ['~/a/'] }), [
      'route-1 paths[1] < route-2: GET http://any.test/a/x',
    ])
  })
})

describe('a route is not shadowed', () => {
  const cases: readonly [title: string, narrow: Partial<Route>, wide: Partial<Route>][] = [
    ['by a shorter path', { paths: ['/a/b'] }, { paths: ['/a'] }],
    ['by a longer one', { paths: ['/a'] }, { paths: ['/a/b'] }],
    ['by a regex that asks for an end', { paths: ['/a'] }, { paths: ['~/a$'] }],
    ['by another method', { paths: ['/a'] }, { paths: ['/a'], methods: ['GET'] }],
    ['by another host', { paths: ['/a'] }, { paths: ['/a'], hosts: ['any.test'] }],
    ['by a header', { paths: ['/a'] }, { paths: ['/a'], headers: { 'x-a': ['1'] } }],
    ['by a server name', { paths: ['/a'] }, { paths: ['/a'], snis: ['a.test'] }],
    [
      'by one that takes fewer values of its header',
      { paths: ['/a'], headers: { 'x-a': ['1', '2'] } },
      { paths: ['/a'], headers: { 'X-A': ['1'] } },
    ],
    [
      'by a route of a disabled service',
      { paths: ['/a'] },
      { paths: ['~/a'], service: makeService({ enabled: false }) },
    ],
    [
      'when its own service is disabled, which is another matter',
      { paths: ['/a'], service: makeService({ enabled: false }) },
      { paths: ['~/a'] },
    ],
    [
      'as far as can be told, when no path is found that its regex matches',
      { paths: ['~/[a&&b]'] },
      { paths: ['~/'], regex_priority: 1 },
    ],
    [
      'as far as can be told, when it has a query for a path',
      { paths: ['/a?b'] },
      { paths: ['~/'] },
    ],
  ]
  for (const [title, narrow, wide] of cases) {
    it(title, () => {
      assert.deepEqual(shadowsOf(narrow, wide), [])
    })
  }

  it('by what takes its methods only with others, when it names too many hosts to try', () => {
    const hosts = Array.from({ length: 65 }, (_, index) => `h${index}.test`)
    assert.deepEqual(shadowsOf({ hosts }, { hosts, paths: ['/'] }), [])
  })
})

describe('what is said of random routes', () => {
  const some = <T>(values: readonly T[]) =>
    fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), {
      freq: 1,
    })
  const PATHS = ['/', '/a', '/a/b', '/ab', '~/a', '~/a$', '~/a/.*$', '~/(a|b)/b', '~/a[^/]*']
  const HOSTS = ['a.test', 'b.test', '*.test', 'a.*', 'a.test:80', '*.b.test']
  const route = fc.record({
    paths: some(PATHS),
    hosts: some(HOSTS),
    methods: some(['GET', 'POST']),
    headers: fc.option(
      fc.constantFrom<Record<string, string[]>>(
        { 'x-a': ['1'] },
        { 'X-A': ['1', '2'] },
        { b: ['1'] },
      ),
    ),
    snis: some(['a.test', '*.test']),
    regex_priority: fc.constantFrom(0, 1),
  })

  const requests: RouteQuestion[] = []
  for (const path of ['/', '/a', '/a/', '/a/b', '/ab', '/abc', '/b/b', '/b', '/c', '/a/b/c']) {
    for (const host of ['a.test', 'b.test', 'c.test', 'x.b.test', 'a.b', 'c', 'a.test:80']) {
      for (const method of ['GET', 'POST', 'PUT']) {
        for (const headers of [
          makeHeaders(),
          makeHeaders(['x-a', '1']),
          makeHeaders(['x-a', '2']),
        ]) {
          for (const serverName of ['', 'a.test', 'b.test', 'other']) {
            const secure = serverName !== ''
            requests.push(makeQuestion({ path, host, method, headers, serverName, secure }))
          }
        }
      }
    }
  }

  it('holds: the example goes to the winner, and no request to the route', () => {
    let count = 0
    fc.assert(
      fc.property(fc.array(route, { minLength: 2, maxLength: 5 }), (fields) => {
        const routes = fields.map((one, index) => makeRoute(index + 1, one))
        const router = createRouter(routes, { flavour: 'traditional_compatible' })
        for (const { route: loser, path, winner, example } of findShadows(routes)) {
          count++
          assert.equal(router.match(example)?.route, winner)
          const only = path === null ? loser : { ...loser, paths: [loser.paths?.[path] ?? ''] }
          const alone = createRouter([only], { flavour: 'traditional_compatible' })
          assert.notEqual(alone.match(example), null)
          if (path !== null) continue
          const served = requests.find((request) => router.match(request)?.route === loser)
          assert.equal(served && describeExample(served), undefined)
        }
      }),
      { numRuns: 300, seed: 7 },
    )
    assert.ok(count > 50, String(count))
  })
})

describe('looking for shadows', () => {
  it('takes a look at each route, not at each pair of them', () => {
    const routes = Array.from({ length: 5_000 }, (_, index) =>
      makeRoute(index, { hosts: [`h${index % 50}.test`], paths: [`/p${index}`], methods: ['GET'] }),
    )
    const before = process.cpuUsage()
    assert.deepEqual([...findShadows(routes)], [])
    // Pairs would be 25 million; this takes some 60 ms.
    assert.ok(process.cpuUsage(before).user < 2_000_000)
  })
})
