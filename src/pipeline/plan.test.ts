import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PluginUses, RoutePlans, type Plan, type Step } from './plan.js'
import type { Consumer, PluginEntry, Route, Service } from '../model/entities.js'
import type { AnyPlugin } from '../plugin/contract.js'

const service = { id: 's' } as Service
const route = { id: 'r', service } as Route
const consumer = { id: 'c' } as Consumer
const nobody = { id: 'n' } as Consumer

/** A use of a plugin; its id tells the scope it is bound to. */
function use(name: string, scope: string, phases: Partial<AnyPlugin> = {}): Step {
  const plugin: AnyPlugin = {
    name,
    version: '1.0.0',
    priority: 1,
    schema: {},
    access: () => undefined,
    ...phases,
  }
  const entry = {
    id: `${name} ${scope}`,
    name,
    route: scope.includes('r') ? route : null,
    service: scope.includes('s') ? service : null,
    consumer: scope.includes('c') ? consumer : null,
  } as PluginEntry
  return { plugin, config: {}, entry }
}

function ids(plan: Plan): (string | undefined)[] {
  return plan.slots.map((step) => step?.entry.id)
}

describe('the configuration of a plugin', () => {
  // Kong's order of precedence; each is removed in turn to see which stands behind it.
  const order = ['rsc', 'rc', 'sc', 'rs', 'c', 'r', 's', '']
  for (let i = 0; i < order.length; i++) {
    it(`is the one bound to '${order[i] ?? ''}' when nothing closer is there`, () => {
      const plans = new RoutePlans(
        new PluginUses(order.slice(i).map((scope) => use('p', scope))),
        route,
      )
      assert.deepEqual(ids(plans.withConsumer(plans.base, -1, consumer)), [`p ${order[i] ?? ''}`])
    })
  }
  it('is the last of two for the same scope', () => {
    const first = use('p', 'r')
    const second = { ...use('p', 'r'), config: { second: true } }
    assert.deepEqual(new RoutePlans(new PluginUses([first, second]), route).base.slots, [second])
  })
  it('of another route does not apply', () => {
    const other = { id: 'x', service: null } as Route
    assert.deepEqual(ids(new RoutePlans(new PluginUses([use('p', 'r')]), other).base), [])
  })
})

describe('a consumer', () => {
  const uses = new PluginUses([
    use('a', ''),
    use('auth', ''),
    use('z', ''),
    use('a', 'c'),
    use('z', 'c'),
  ])
  const plans = new RoutePlans(uses, route)

  it('named by a step changes the steps behind it, not those before', () => {
    const plan = plans.withConsumer(plans.base, 1, consumer)
    assert.deepEqual(ids(plan), ['a ', 'auth ', 'z c'])
  })
  it('that no plugin names leaves the plan as it is', () => {
    assert.equal(plans.withConsumer(plans.base, 1, nobody), plans.base)
  })
  it('named twice is the later one behind the later step', () => {
    const first = plans.withConsumer(plans.base, 0, consumer)
    assert.deepEqual(ids(plans.withConsumer(first, 1, nobody)), ['a ', 'auth ', 'z '])
  })
  it('gets the same plan every time', () => {
    assert.equal(
      plans.withConsumer(plans.base, 1, consumer),
      plans.withConsumer(plans.base, 1, consumer),
    )
  })
})

it('leaves a phase empty that no plugin hooks', () => {
  const uses = new PluginUses([
    use('p', ''),
    use('l', '', { access: undefined as never, log: () => undefined }),
  ])
  const { access, headerFilter, log } = new RoutePlans(uses, route).base
  assert.deepEqual(
    access.map((step) => step?.entry.name),
    ['p', undefined],
  )
  assert.equal(headerFilter.length, 0)
  assert.deepEqual(
    log.map((step) => step.entry.name),
    ['l'],
  )
})

it('runs global uses alone where no route matched', () => {
  const uses = new PluginUses([use('a', 'r'), use('b', ''), use('c', 'c')])
  assert.deepEqual(ids(uses.global), [undefined, 'b ', undefined])
})
