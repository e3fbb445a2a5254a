// From one configuration to the next, as a worker makes it of what the main thread sends.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bundledPlugins } from '../../../plugins/index.js'
import { plannedPlugins } from '../../../plugins/planned.js'
import { configDocument, documentPlugins } from '../../../test/support/arbitrary-config.js'
import { loadConfig, type LoadedConfig } from '../../config/index.js'
import { definePlugin } from '../../plugin/contract.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { runWhole } from '../../util/slices.js'
import { applyUpdate, type WorkerConfig } from './apply-update.js'
import type { TlsUpdate } from './config-update.js'
import { makeUpdate, type Inventory } from './make-update.js'

const keeper = definePlugin({
  name: 'keeper',
  version: '1.0.0',
  priority: 50,
  schema: { type: 'object', properties: { secret: { type: 'string', referenceable: true } } },
})
const plugins = new PluginRegistry([keeper, ...documentPlugins, ...bundledPlugins], plannedPlugins)

const NO_TLS: TlsUpdate = {
  certificates: null,
  targetTls: {
    verify: false,
    depth: 1,
    authorities: [],
    client: null,
    authoritiesById: new Map(),
    clientsById: new Map(),
  },
}

type Secrets = Readonly<Record<string, string>>

function load(document: object | string, environment: Secrets = {}, seconds = 0): LoadedConfig {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const secrets = { environment, envPrefix: '' }
  return loadConfig({ text, file: 'kong.yml' }, { plugins, secrets, now: () => seconds * 1000 })
}

/** A worker, and the main thread's memory of what it has. */
class Pair {
  config: WorkerConfig | null = null
  inventory: Inventory | null = null
  /** How many entities came over the last time. */
  fresh = 0

  take(loaded: LoadedConfig): WorkerConfig {
    const { update, inventory } = makeUpdate(loaded, NO_TLS, this.inventory)
    const { services, routes, consumers, plugins: entries, upstreams, targets } = update
    const lists = [services, routes, consumers, entries, upstreams, targets, ...update.credentials]
    this.fresh = lists.reduce((sum, { fresh }) => sum + fresh.length, 0)
    this.inventory = inventory
    // As on the way between threads.
    return (this.config = runWhole(applyUpdate(this.config, structuredClone(update), plugins)))
  }
}

const document = (path = '/a', host = 'a.test', keys = ['k1', 'k2'], minute = 5): object => ({
  _format_version: '3.0',
  services: [
    {
      name: 'a',
      host,
      routes: [
        { name: 'r1', paths: [path], plugins: [{ name: 'rate-limiting', config: { minute } }] },
        { name: 'r2', paths: ['/b'] },
      ],
    },
    { name: 'b', host: 'b.test', routes: [{ name: 'r3', paths: ['/c'] }] },
  ],
  consumers: [{ username: 'u', keyauth_credentials: keys.map((key) => ({ key })) }],
  plugins: [{ name: 'key-auth', route: 'r3' }],
})

const named = <T extends { readonly name: string | null }>(list: readonly T[], name: string): T =>
  list.find((entity) => entity.name === name) ?? assert.fail(name)

describe('the first update', () => {
  it('brings everything, linked and frozen', () => {
    const pair = new Pair()
    const loaded = load(document())
    const { snapshot, steps } = pair.take(loaded)
    assert.deepEqual(snapshot.routes, loaded.snapshot.routes)
    assert.deepEqual(snapshot.plugins, loaded.snapshot.plugins)
    const route = named(snapshot.routes, 'r1')
    assert.equal(route.service, named(snapshot.services, 'a'))
    assert.ok(Object.isFrozen(route) && Object.isFrozen(route.paths))
    assert.equal(snapshot.credential('keyauth_credentials', 'k1')?.consumer, snapshot.consumer('u'))
    assert.deepEqual(
      steps.map(({ plugin }) => plugin.name),
      ['key-auth', 'rate-limiting'],
    )
  })
})

describe('the next update', () => {
  it('of the same file brings nothing, at whatever time it is read', () => {
    const pair = new Pair()
    const before = pair.take(load(document()))
    const after = pair.take(load(document(), {}, 60))
    assert.equal(pair.fresh, 0)
    assert.equal(after.snapshot.routes, before.snapshot.routes)
    assert.equal(after.steps, before.steps)
    assert.equal(after.served, before.served)
  })

  it('leaves what has not changed the objects that they were', () => {
    const pair = new Pair()
    const before = pair.take(load(document()))
    const after = pair.take(load(document('/new')))
    // The route, and the plugin that stands on it.
    assert.equal(pair.fresh, 2)
    assert.deepEqual(named(after.snapshot.routes, 'r1').paths, ['/new'])
    assert.equal(named(after.snapshot.routes, 'r2'), named(before.snapshot.routes, 'r2'))
    assert.equal(after.snapshot.services, before.snapshot.services)
    const stepOf = ({ steps }: WorkerConfig, name: string) =>
      steps.find(({ plugin }) => plugin.name === name)
    assert.equal(stepOf(after, 'key-auth'), stepOf(before, 'key-auth'))
    assert.notEqual(stepOf(after, 'rate-limiting'), stepOf(before, 'rate-limiting'))
  })

  it('makes anew what refers to something that has changed', () => {
    const pair = new Pair()
    const before = pair.take(load(document()))
    const after = pair.take(load(document('/a', 'new.test')))
    const route = named(after.snapshot.routes, 'r2')
    assert.notEqual(route, named(before.snapshot.routes, 'r2'))
    assert.equal(route.service?.host, 'new.test')
    assert.equal(named(after.snapshot.routes, 'r3'), named(before.snapshot.routes, 'r3'))
  })

  it('takes a credential away, and leaves the others', () => {
    const pair = new Pair()
    const before = pair.take(load(document()))
    const { snapshot } = pair.take(load(document('/a', 'a.test', ['k2'])))
    assert.equal(snapshot.credential('keyauth_credentials', 'k1'), undefined)
    const kept = snapshot.credential('keyauth_credentials', 'k2')
    assert.equal(kept, before.snapshot.credential('keyauth_credentials', 'k2'))
    assert.deepEqual(
      snapshot.credentialsOf('keyauth_credentials', kept?.consumer ?? assert.fail()),
      [kept],
    )
  })

  it('prepares a plugin anew when the secret behind a reference has changed', () => {
    const use = { name: 'keeper', config: { secret: '{vault://env/who}' } }
    const file = { _format_version: '3.0', plugins: [use] }
    const pair = new Pair()
    const before = pair.take(load(file, { WHO: 'one' }))
    assert.equal(pair.take(load(file, { WHO: 'one' })).steps[0], before.steps[0])
    assert.notEqual(pair.take(load(file, { WHO: 'two' })).steps[0], before.steps[0])
  })

  it('comes to the same as if it were the first, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(configDocument, { minLength: 2, maxLength: 4 }), (documents) => {
        const pair = new Pair()
        for (const each of documents) {
          const loaded = load(each)
          const stepwise = pair.take(loaded)
          const direct = new Pair().take(loaded)
          assert.deepEqual(stepwise.snapshot, direct.snapshot)
          assert.deepEqual(
            stepwise.steps.map(({ entry }) => entry.id),
            direct.steps.map(({ entry }) => entry.id),
          )
        }
      }),
      { numRuns: 60, seed: 5 },
    )
  })
})
