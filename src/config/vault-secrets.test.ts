import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { definePlugin } from '../plugin/contract.js'
import { PluginRegistry } from '../plugin/registry.js'
import { loadConfig } from './load.js'

const ENVIRONMENT = {
  MY_SECRET: 'hunter2',
  MY_SECRET_PREVIOUS: 'hunter1',
  DB: '{"password": "p", "port": 1}',
  APP_KEY: 'of the app',
  A_B: 'whole',
}

const plugin = definePlugin({
  name: 'keeper',
  version: '1.0.0',
  priority: 1,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['secret'],
    properties: {
      secret: { type: 'string', maxLength: 12, referenceable: true },
      list: { type: 'array', items: { type: 'string', referenceable: true } },
      plain: { type: 'string' },
      other: { type: 'string' },
    },
  },
  rules: [
    {
      fields: ['secret', 'plain'],
      check: () => {
        throw new Error('asked about a secret that is not known')
      },
    },
  ],
})

function load(config: object, options: { vaults?: object[]; envPrefix?: string } = {}) {
  const file = {
    _format_version: '3.0',
    vaults: options.vaults ?? [],
    plugins: [{ name: 'keeper', instance_name: 'k', config }],
  }
  const { prepared, snapshot, warnings } = loadConfig(
    { text: JSON.stringify(file), file: 'kong.json' },
    {
      plugins: new PluginRegistry([plugin]),
      secrets: { environment: ENVIRONMENT, envPrefix: options.envPrefix ?? '' },
      now: () => 0,
    },
  )
  return { prepared: [...prepared.values()][0], entry: snapshot.plugins[0], warnings }
}

function secretOf(reference: string, options: Parameters<typeof load>[1] = {}): unknown {
  return (load({ secret: reference }, options).prepared as { secret: unknown }).secret
}

describe('a reference to a secret', () => {
  const app = { name: 'env', prefix: 'app', config: { prefix: 'APP_' } }
  const cases: readonly (readonly [reference: string, secret: string])[] = [
    ['{vault://env/my-secret}', 'hunter2'],
    ['{vault://env/MY_SECRET}', 'hunter2'],
    ['{vault://env/my-secret#2}', 'hunter1'],
    ['{vault://env/db/password}', 'p'],
    ['{vault://env/secret?prefix=my_}', 'hunter2'],
    ['{vault://app/key}', 'of the app'],
    ['{vault://env/a%5Fb}', 'whole'],
  ]
  for (const [reference, secret] of cases) {
    it(`${reference} is what the environment says`, () => {
      assert.equal(secretOf(reference, { vaults: [app] }), secret)
    })
  }

  it('begins with the prefix of the settings where no vault has one', () => {
    assert.equal(secretOf('{vault://env/secret}', { envPrefix: 'MY_' }), 'hunter2')
  })

  for (const [reference, reason] of [
    ['{vault://env/none}', 'the environment has no NONE'],
    ['{vault://env/db/port}', "DB is no JSON object with a text 'port'"],
    ['{vault://env/my-secret/x}', "MY_SECRET is no JSON object with a text 'x'"],
    ['{vault://nope/x}', "no vault 'nope'"],
    ['{vault://env}', 'not a reference that can be read'],
  ] as const) {
    it(`${reference} that leads nowhere is empty, with a warning`, () => {
      const { prepared, warnings } = load({ secret: reference })
      assert.deepEqual(prepared, { secret: '' })
      assert.deepEqual(
        warnings.map(({ path, message }) => ({ path, message })),
        [
          {
            path: 'plugins[0].config.secret',
            message: `unable to resolve reference ${reference} (${reason})`,
          },
        ],
      )
    })
  }

  it('stays a reference in the snapshot, which others may see', () => {
    const { entry } = load({ secret: '{vault://env/my-secret}' })
    assert.deepEqual(entry?.config, { secret: '{vault://env/my-secret}' })
  })

  it('may stand in a list', () => {
    const { prepared } = load({
      secret: '{vault://env/my-secret}',
      list: ['a', '{vault://env/a-b}'],
    })
    assert.deepEqual(prepared, { secret: 'hunter2', list: ['a', 'whole'] })
  })

  it('is plain text where no reference may stand', () => {
    const { prepared } = load({ secret: '{vault://env/my-secret}', other: '{vault://env/a-b}' })
    assert.deepEqual(prepared, { secret: 'hunter2', other: '{vault://env/a-b}' })
  })

  it('is right by its form alone when nobody looks secrets up', () => {
    const text = `_format_version: "3.0"\nplugins: [{name: keeper, config: {secret: "{vault://env/my-secret}"}}]`
    const loaded = loadConfig(
      { text, file: 'kong.yml' },
      { plugins: new PluginRegistry([plugin]), now: () => 0 },
    )
    assert.equal(loaded.prepared.size, 0)
    assert.deepEqual(loaded.warnings, [])
  })
})
