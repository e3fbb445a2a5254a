import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeHeaders, makeQuestion, makeRoute, makeService } from '../../test/support/routes.js'
import { Random } from '../../test/support/random.js'
import type { Route } from '../model/entities.js'
import type { RouteQuestion } from './contract.js'
import { explainRouting, missesOf } from './explain.js'
import { createRouter } from './index.js'

/** `condition` or `header NAME` of what the request does not meet. */
function missesFor(route: Partial<Route>, question: Partial<RouteQuestion> = {}): string[] {
  return missesOf(makeRoute(1, route), makeQuestion(question)).map(({ condition, name }) =>
    name === null ? condition : `${condition} ${name}`,
  )
}

describe('the explanation of a routing', () => {
  it('names each condition that a request does not meet', () => {
    const route = { hosts: ['a.test'], paths: ['/a', '~/b$'], methods: ['POST', 'PUT'] }
    assert.deepEqual(missesFor(route), ['host', 'path', 'method'])
    assert.deepEqual(missesFor(route, { host: 'a.test', path: '/b' }), ['method'])
    assert.deepEqual(missesFor(route, { host: 'a.test', path: '/ab', method: 'PUT' }), [])
  })

  it('names the headers that are missing, and no others', () => {
    const route = { headers: { 'x-env': ['prod'], 'X-Team': ['~*^red'] } }
    assert.deepEqual(missesFor(route), ['header x-env', 'header X-Team'])
    const headers = makeHeaders(['x-env', 'PROD'], ['x-team', 'blue'])
    assert.deepEqual(missesFor(route, { headers }), ['header X-Team'])
  })

  it('counts SNIs over TLS alone', () => {
    const route = { snis: ['a.test'] }
    assert.deepEqual(missesFor(route), [])
    assert.deepEqual(missesFor(route, { secure: true, serverName: 'b.test' }), ['sni'])
    assert.deepEqual(missesFor(route, { secure: true, serverName: 'a.test' }), [])
  })

  it('says that a service is disabled, or that a route is not for HTTP', () => {
    assert.deepEqual(missesFor({ service: makeService({ enabled: false }) }), ['service'])
    assert.deepEqual(missesFor({ protocols: ['tcp'] }), ['protocol'])
  })

  it('tells the path that takes a request, with the captures of a regex', () => {
    const route = makeRoute(1, { paths: ['/', '/a', '~/a/(?<id>[0-9]+)', '/a/'] })
    const { winner } = explainRouting([route], makeQuestion({ path: '/a/12/x' }))
    assert.equal(winner?.path, '~/a/(?<id>[0-9]+)')
    assert.equal(winner.match.prefix, '/a/12')
    assert.deepEqual({ ...winner.match.captures?.named }, { id: '12' })
    const plain = explainRouting([route], makeQuestion({ path: '/a/x' }))
    assert.equal(plain.winner?.path, '/a/')
  })

  it('lists what matches as well in the order of trial, and the rest by nearness', () => {
    const routes = [
      makeRoute(1, { name: 'root', paths: ['/'] }),
      makeRoute(2, { name: 'far', paths: ['/x'], methods: ['PUT'] }),
      makeRoute(3, { name: 'near', paths: ['/a/c'] }),
      makeRoute(4, { name: 'nearer', paths: ['/a/bb'] }),
      makeRoute(5, { name: 'a', paths: ['/a'] }),
      makeRoute(6, { name: 'ab', paths: ['/a/b'] }),
    ]
    const { winner, behind, missed } = explainRouting(routes, makeQuestion({ path: '/a/b' }))
    assert.equal(winner?.route.name, 'ab')
    const shown = behind.map(({ route, lead }) => `${route.name ?? ''} ${lead.advantage}`)
    assert.deepEqual(shown, ['a path-length', 'root path-length'])
    assert.deepEqual(
      missed.map(({ route }) => route.name),
      ['nearer', 'near', 'far'],
    )
  })

  it('names the winner that the router names, for any routes', () => {
    const random = new Random(5)
    for (let run = 0; run < 300; run++) {
      const routes = Array.from({ length: 8 }, (_, index) => makeRoute(index, anyRoute(random)))
      const router = createRouter(routes, { flavour: 'traditional_compatible' })
      const question = makeQuestion({
        path: random.pick(['/', '/a', '/a/b', '/a/7', '/b']),
        host: random.pick(['a.test', 'a.test:8000', 'b.test']),
        method: random.pick(['GET', 'POST']),
      })
      const expected = router.match(question)
      const { winner, behind, missed } = explainRouting(routes, question)
      assert.equal(winner?.route, expected?.route, `run ${run}`)
      assert.deepEqual(winner?.match, expected ?? undefined, `run ${run}`)
      const count = behind.length + missed.length + (winner === null ? 0 : 1)
      assert.equal(count, routes.length)
    }
  })
})

function anyRoute(random: Random): Partial<Route> {
  const paths = random.pick([['/'], ['/a'], ['/a/b', '/a'], ['~/a/(\\d)'], ['~/a', '/b'], null])
  return {
    paths,
    hosts: random.pick([null, null, ['a.test'], ['*.test'], ['a.test:8000']]),
    methods: random.pick([null, null, ['GET'], ['POST', 'PUT']]),
    regex_priority: random.pick([0, 0, 1, -1]),
  }
}
