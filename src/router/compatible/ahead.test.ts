import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Random } from '../../../test/support/random.js'
import { makeRoute } from '../../../test/support/routes.js'
import type { Route } from '../../model/entities.js'
import { runWhole } from '../../util/slices.js'
import { leadOf } from './ahead.js'
import { figuresOf, rankRoutes, type RankedRoute } from './order.js'

/** What decides between two routes with one path each, and who is first. */
function leadBetween(a: Partial<Route>, b: Partial<Route>): string {
  const [first, second] = ranked([a, b])
  assert.ok(first !== undefined && second !== undefined)
  return `${first.route.name ?? ''}: ${leadOf(first, second).advantage}`
}

function ranked(fields: readonly Partial<Route>[]): RankedRoute[] {
  const names = ['a', 'b']
  return runWhole(
    rankRoutes(fields.map((one, index) => makeRoute(index, { name: names[index] ?? '', ...one }))),
  )
}

describe('why a route goes first', () => {
  it('is a host without a wildcard, before more attributes', () => {
    const narrow = { hosts: ['*.test'], methods: ['GET'], paths: ['/long'] }
    assert.equal(leadBetween({ hosts: ['a.test'] }, narrow), 'a: plain-hosts')
  })

  it('is that more attributes are set', () => {
    const more = { methods: ['GET'], paths: ['/a'] }
    assert.equal(leadBetween({ paths: ['/longer'] }, more), 'b: attributes')
  })

  it('is that more headers are asked for', () => {
    const one = { headers: { a: ['1'] }, paths: ['/a'] }
    const two = { headers: { a: ['1'], b: ['2'] }, paths: ['/a'] }
    assert.equal(leadBetween(one, two), 'b: headers')
  })

  it('is a regex before plain paths, then its regex_priority', () => {
    assert.equal(leadBetween({ paths: ['/a/b/c'] }, { paths: ['~/a'] }), 'b: regex')
    const high = { paths: ['~/a'], regex_priority: 7 }
    assert.equal(leadBetween({ paths: ['~/a'], regex_priority: 5 }, high), 'b: regex-priority')
  })

  it('is the longer path, then the greater id', () => {
    assert.equal(leadBetween({ paths: ['/a'] }, { paths: ['/a/b'] }), 'b: path-length')
    assert.equal(leadBetween({ paths: ['/a'] }, { paths: ['/b'] }), 'b: id')
  })

  it('is what overflows in Kong: a negative regex_priority, four attributes', () => {
    const hosts = { hosts: ['a.test'], paths: ['/a'] }
    const negative = { paths: ['~/a'], regex_priority: -1 }
    assert.equal(leadBetween(hosts, negative), 'b: negative-regex-priority')
    const four = { hosts: ['*.test'], paths: ['/a'], methods: ['GET'], headers: { a: ['1'] } }
    assert.equal(leadBetween(hosts, four), 'b: overflow')
  })

  it('names what the first has more of, whatever the two routes are', () => {
    const random = new Random(3)
    for (let run = 0; run < 5_000; run++) {
      const [first, second] = ranked([anyRoute(random), anyRoute(random)])
      assert.ok(first !== undefined && second !== undefined)
      const [a, b] = [first, second].map(({ route, paths }) => figuresOf(route, paths))
      assert.ok(a !== undefined && b !== undefined)
      const holds: Readonly<Record<string, boolean>> = {
        'plain-hosts': a.hasPlainHosts && !b.hasPlainHosts,
        'negative-regex-priority': a.isRegex && a.regexPriority < 0,
        overflow: a.attributes > 3 || a.regexPriority > 1000,
        regex: a.isRegex && !b.isRegex,
        attributes: a.attributes > b.attributes,
        headers: a.headerNames > b.headerNames,
        'regex-priority': a.isRegex && (!b.isRegex || a.regexPriority > b.regexPriority),
        'shared-bits': a.isRegex && a.regexPriority > 0 && a.headerNames + b.headerNames > 0,
        'path-length': !a.isRegex && (b.isRegex || a.pathBytes > b.pathBytes),
        id: first.id > second.id,
      }
      const { advantage, reason } = leadOf(first, second)
      assert.equal(holds[advantage], true, `run ${run}: ${reason}`)
    }
  })

  it('cannot be asked of the one that goes second', () => {
    const [first, second] = ranked([{ paths: ['/a'] }, { paths: ['/a/b'] }])
    assert.ok(first !== undefined && second !== undefined)
    assert.throws(() => leadOf(second, first), /the second is ahead/)
  })
})

function anyRoute(random: Random): Partial<Route> {
  const path = random.pick(['/', '/a', '/a/bc', '~/a', '~/a/b[0-9]'])
  return {
    paths: random.percent(90) ? [path] : null,
    hosts: random.pick([null, null, ['a.test'], ['*.test']]),
    methods: random.pick([null, ['GET']]),
    headers: random.pick([null, null, { a: ['1'] }, { a: ['1'], b: ['2'] }]),
    snis: random.pick([null, null, ['a.test']]),
    regex_priority: random.pick([0, 0, 1, 2, 100, -1]),
  }
}
