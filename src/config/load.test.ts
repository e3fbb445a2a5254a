import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins as bundled } from '../../plugins/index.js'
import { keyOf, manyConsumers } from '../../test/support/big-config.js'
import { ConfigError } from '../errors/config-error.js'
import { definePlugin, type AnyPlugin, type PluginUse } from '../plugin/contract.js'
import { PluginRegistry } from '../plugin/registry.js'
import { loadConfig } from './load.js'

function load(text: string, plugins: readonly AnyPlugin[] = [], file = 'kong.yml') {
  const registry = new PluginRegistry(plugins)
  return loadConfig({ text, file }, { plugins: registry, now: () => 1700000000999 })
}

function problemsOf(text: string, plugins: readonly AnyPlugin[] = []) {
  try {
    load(text, plugins)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const keyAuth = definePlugin({
  name: 'key-auth',
  version: '1.0.0',
  priority: 1250,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      names: { type: 'array', items: { type: 'string' }, default: ['apikey'] },
      redis: {
        type: 'object',
        additionalProperties: false,
        properties: { port: { type: 'integer', default: 6379 } },
        default: {},
      },
    },
  },
})

describe('the snapshot', () => {
  it('has the md5 of the text for its hash, and zeros when there is no entity', () => {
    const text = '_format_version: "3.0"\nconsumers: [{username: u}]\n'
    assert.equal(load(text).snapshot.hash, 'ad314f5bfa49e4e10954165639bffaad')
    assert.equal(load('_format_version: "3.0"\n').snapshot.hash, '0'.repeat(32))
  })

  it('is frozen all the way down', () => {
    const { snapshot } = load(
      '_format_version: "3.0"\nservices: [{host: x.test, plugins: [{name: key-auth}], routes: [{hosts: [a.test]}]}]\n',
      [keyAuth],
    )
    const [plugin] = snapshot.plugins
    const parts = [
      snapshot,
      snapshot.routes,
      snapshot.routes[0],
      snapshot.routes[0]?.hosts,
      snapshot.routes[0]?.service,
      plugin?.config,
      ...Object.values({ ...plugin?.config }),
    ]
    for (const part of parts) assert(typeof part === 'object' && Object.isFrozen(part))
  })

  it('has the very service of the route, not a copy', () => {
    const { snapshot } = load(
      '_format_version: "3.0"\nservices: [{host: x.test, routes: [{hosts: [a.test]}]}]\n',
    )
    assert.equal(snapshot.routes[0]?.service, snapshot.services[0])
  })

  it('finds consumers by id before username, and credentials by key and by consumer', () => {
    const id = '11111111-1111-4111-8111-111111111111'
    const { snapshot } = load(
      `_format_version: "3.0"
consumers:
- {username: ${id}}
- {id: ${id}, username: u, custom_id: c, keyauth_credentials: [{key: a}, {key: b, ttl: 1700000100}]}
`,
      [keyAuth],
    )
    const consumer = snapshot.consumer(id)
    assert.equal(consumer?.username, 'u')
    assert.equal(snapshot.consumer('u'), consumer)
    assert.equal(snapshot.consumer('nobody'), undefined)
    assert.equal(snapshot.consumerBy('id', id), consumer)
    assert.equal(snapshot.consumerBy('username', id)?.username, id)
    assert.equal(snapshot.consumerBy('custom_id', 'c'), consumer)
    assert.equal(snapshot.consumerBy('custom_id', 'u'), undefined)
    assert.equal(snapshot.credential('keyauth_credentials', 'b')?.ttl, 1700000100)
    assert.equal(snapshot.credential('keyauth_credentials', 'c'), undefined)
    assert.equal(snapshot.credential('none', 'b'), undefined)
    const keys = snapshot.credentialsOf('keyauth_credentials', consumer).map(({ key }) => key)
    assert.deepEqual(keys, ['a', 'b'])
  })

  it('makes up a key that is left out', () => {
    const { snapshot } = load(
      '_format_version: "3.0"\nconsumers: [{username: u, keyauth_credentials: [{}, {}]}]\n',
      [keyAuth],
    )
    const [consumer] = snapshot.consumers
    assert(consumer !== undefined)
    const keys = snapshot.credentialsOf('keyauth_credentials', consumer).map(({ key }) => key)
    assert.equal(new Set(keys).size, 2)
    assert.match(String(keys[0]), /^[0-9a-f]{32}$/)
  })

  it('gives each use of an alias defaults of its own', () => {
    const other = definePlugin({ ...keyAuth, name: 'other', schema: { type: 'object' } })
    const { snapshot } = load(
      '_format_version: "3.0"\nplugins: [{name: key-auth, config: &c {}}, {name: other, config: *c}]\n',
      [keyAuth, other],
    )
    assert.deepEqual(
      snapshot.plugins.map(({ config }) => config),
      [{ names: ['apikey'], redis: { port: 6379 } }, {}],
    )
  })
})

describe('preparing plugins', () => {
  const seen: PluginUse[] = []
  const recording: AnyPlugin = {
    ...keyAuth,
    prepare: ({ names }: { names: readonly string[] }, use) => {
      seen.push(use)
      return names.length
    },
  }

  it('hands in the complete configuration and the scope, and keeps what comes of it', () => {
    seen.length = 0
    const { snapshot, prepared } = load(
      `_format_version: "3.0"
services: [{name: my-service, host: x.test, routes: [{name: my-route, paths: [/a], plugins: [{name: key-auth}]}]}]
`,
      [recording],
    )
    const [entry] = snapshot.plugins
    assert.equal(prepared.get(entry?.id ?? ''), 1)
    assert.deepEqual(seen, [
      {
        id: entry?.id,
        routeId: '481a9539-f49c-51b6-b2e2-fe99ee68866c',
        serviceId: null,
        consumerId: null,
      },
    ])
  })

  it('leaves out a use that is disabled or wrong', () => {
    seen.length = 0
    load('_format_version: "3.0"\nplugins: [{name: key-auth, enabled: false}]\n', [recording])
    problemsOf('_format_version: "3.0"\nplugins: [{name: key-auth, config: {names: 1}}]\n', [
      recording,
    ])
    assert.deepEqual(seen, [])
  })

  it('cannot change the configuration', () => {
    const greedy = definePlugin({
      ...keyAuth,
      prepare: (config) => Object.assign(config, { x: 1 }),
    })
    const [problem] = problemsOf('_format_version: "3.0"\nplugins: [{name: key-auth}]\n', [greedy])
    assert.match(problem?.message ?? '', /^plugin 'key-auth' failed to prepare: /)
  })

  it('fails at once for a schema with an unknown format', () => {
    const odd = definePlugin({
      ...keyAuth,
      schema: { type: 'object', properties: { a: { type: 'string', format: 'nope' } } },
    })
    assert.throws(
      () => load('_format_version: "3.0"\nplugins: [{name: key-auth, config: {a: x}}]\n', [odd]),
      /unknown format 'nope'/,
    )
  })
})

describe('messages', () => {
  it('never show a secret', () => {
    const secretive = definePlugin({
      ...keyAuth,
      schema: {
        type: 'object',
        properties: {
          client_secret: { type: 'string', pattern: '^x' },
          password: { type: 'string', format: 'host' },
        },
      },
    })
    const problems = problemsOf(
      `_format_version: "3.0"
plugins: [{name: key-auth, config: {client_secret: hunter2, password: hunter 2}}]
consumers: [{username: u, keyauth_credentials: [{key: hunter2}, {key: hunter2, tags: ["a,b"]}]}]
`,
      [secretive],
    )
    assert.equal(problems.length, 4)
    assert.doesNotMatch(JSON.stringify(problems), /hunter/)
  })

  it('survive a key that is no good in a pointer', () => {
    const [problem] = problemsOf('_format_version: "3.0"\nroutes: [{headers: {"a~1/%zz": x}}]\n')
    assert.equal(problem?.path, 'routes[0].headers')
  })
})

describe('a large file', () => {
  it('of 10,000 services and routes is read in under two seconds', () => {
    const services = Array.from(
      { length: 10_000 },
      (_, i) =>
        `- {name: s${i}, url: "http://x${i}.test/p", routes: [{name: r${i}, paths: [/a${i}]}]}\n`,
    )
    const before = process.cpuUsage()
    const { snapshot } = load(`_format_version: "3.0"\nservices:\n${services.join('')}`)
    // Processor time: the machine may have other things to do.
    const { user, system } = process.cpuUsage(before)
    assert.equal(snapshot.routes.length, 10_000)
    assert((user + system) / 1e6 < 2)
  })

  for (const kind of ['key-auth', 'jwt'] as const) {
    it(`of 100,000 consumers with ${kind} credentials is read in a few seconds`, () => {
      const text = manyConsumers(100_000, kind, 'http://target.test')
      const before = process.cpuUsage()
      const { snapshot } = load(text, bundled)
      const { user, system } = process.cpuUsage(before)
      assert.equal(snapshot.consumers.length, 100_000)
      const last = snapshot.consumer('consumer-99999') ?? assert.fail()
      const [collection, key] =
        kind === 'jwt'
          ? (['jwt_secrets', 'issuer-99999'] as const)
          : (['keyauth_credentials', keyOf(99_999)] as const)
      assert.equal(snapshot.credential(collection, key)?.consumer, last)
      // 2.2 and 2.6 on a quiet machine.
      assert((user + system) / 1e6 < 6)
    })
  }

  it('of 100,000 consumers has its faults at their lines and columns', () => {
    const text = manyConsumers(100_000, 'key-auth', 'http://target.test')
    const lines = text.split('\n')
    const line = lines.findIndex((each) => each.includes(keyOf(77_777)))
    lines[line] = lines[line]?.replace('- key:', '- kez:') ?? ''
    const problems = problemsOf(lines.join('\n'), bundled)
    assert.deepEqual(
      problems.map((problem) => [problem.path, problem.line, problem.column]),
      [['consumers[77777].keyauth_credentials[0].kez', line + 1, 5]],
    )
  })
})
