// Every bundled plugin has the number, the order and the folder that the house asks for, and so has every planned one.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { PluginRegistry } from '../../src/plugin/registry.js'

const FOLDER = path.resolve(import.meta.dirname, '../../../plugins')

/** What Kong does not have; and plugins of Kong Enterprise, with their numbers there. */
const OWN: Readonly<Record<string, number>> = {
  'oauth2-introspection': 1700,
  'openid-connect': 1050,
  bulkhead: 95,
  'circuit-breaker': 90,
  retry: 85,
  throttle: 905,
  compression: 80,
}

/** What Kong has in its Enterprise edition alone, with the numbers it has there. */
const ENTERPRISE: Readonly<Record<string, number>> = {
  'key-auth-enc': 1250,
  'request-validator': 999,
  'rate-limiting-advanced': 910,
  'request-transformer-advanced': 802,
  'response-transformer-advanced': 800,
}

/** Pairs that Kong itself gives one number: the name decides then, the later one first. */
const SHARED = [
  ['key-auth-enc', 'key-auth'],
  ['rate-limiting-advanced', 'rate-limiting'],
  ['response-transformer-advanced', 'response-transformer'],
]

/** PRIORITY of Kong's handlers: files rely on the order that follows from them. */
const KONG: Readonly<Record<string, number>> = {
  'pre-function': 1_000_000,
  'correlation-id': 100_001,
  zipkin: 100_000,
  'bot-detection': 2500,
  cors: 2000,
  session: 1900,
  acme: 1705,
  jwt: 1450,
  oauth2: 1400,
  'key-auth': 1250,
  'ldap-auth': 1200,
  'basic-auth': 1100,
  'hmac-auth': 1030,
  'grpc-gateway': 998,
  'ip-restriction': 990,
  'request-size-limiting': 951,
  acl: 950,
  'rate-limiting': 910,
  'response-ratelimiting': 900,
  'request-transformer': 801,
  'response-transformer': 800,
  redirect: 779,
  'ai-request-transformer': 777,
  'ai-prompt-template': 773,
  'ai-prompt-decorator': 772,
  'ai-prompt-guard': 771,
  'ai-proxy': 770,
  'ai-response-transformer': 768,
  'standard-webhooks': 760,
  'aws-lambda': 750,
  'azure-functions': 749,
  'proxy-cache': 100,
  opentelemetry: 14,
  prometheus: 13,
  'http-log': 12,
  statsd: 11,
  datadog: 10,
  'file-log': 9,
  'udp-log': 8,
  'tcp-log': 7,
  loggly: 6,
  syslog: 4,
  'grpc-web': 3,
  'request-termination': 2,
  'post-function': -1000,
}

describe('bundled plugins', () => {
  it('have the priorities of Kong, each its own where Kong has it so', () => {
    for (const { name, priority } of bundledPlugins) {
      assert.equal(priority, KONG[name] ?? ENTERPRISE[name] ?? OWN[name], name)
    }
    const pairs = bundledPlugins.flatMap(({ name, priority }, i) => {
      const next = bundledPlugins[i + 1]
      return next?.priority === priority ? [[name, next.name]] : []
    })
    assert.deepEqual(pairs, SHARED)
  })

  it('are listed in the order in which they run', () => {
    const listed = bundledPlugins.map(({ name }) => name)
    assert.deepEqual(new PluginRegistry(bundledPlugins).names(), listed)
  })

  it('are with the planned ones the plugins of Kong and our own, none of them twice', () => {
    const expected = Object.keys({ ...KONG, ...ENTERPRISE, ...OWN }).sort()
    assert.deepEqual(names([...bundledPlugins, ...plannedPlugins]), expected)
  })

  it('are with the planned ones the folders of plugins/', () => {
    const entries = readdirSync(FOLDER, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory())
    assert.deepEqual(names(folders), names([...bundledPlugins, ...plannedPlugins]))
  })

  for (const { name, schema } of bundledPlugins) {
    describe(name, () => {
      it('has its schema, code, tests and guide', () => {
        assertFiles(name, ['schema.ts', 'index.ts', `${name}.test.ts`, 'README.md'])
      })

      it('describes every field, and refuses others', () => {
        assertDescribed(schema, 'config')
      })

      it('has a guide with the four parts of the house, which names every field', () => {
        const guide = readFileSync(path.join(FOLDER, name, 'README.md'), 'utf8')
        const headings = [...guide.matchAll(/^## (.*)$/gm)].map((match) => match[1])
        assert.deepEqual(headings, [
          'What it does',
          'Configuration',
          'Statuses and headers',
          'Differences from Kong',
        ])
        for (const field of Object.keys(schema.properties ?? {})) {
          if (!field.startsWith('redis_')) assert.ok(guide.includes(`\`${field}\``), field)
        }
      })
    })
  }
})

describe('planned plugins', () => {
  it('are listed by name', () => {
    assert.deepEqual(
      plannedPlugins.map(({ name }) => name),
      names(plannedPlugins),
    )
  })

  for (const { name, schema } of plannedPlugins) {
    it(`${name} has its schema and tests, describes every field, and refuses others`, () => {
      assertFiles(name, ['schema.ts', 'spec.ts', 'spec.test.ts'])
      assertDescribed(schema, 'config')
    })
  }
})

function names(list: readonly { readonly name: string }[]): string[] {
  return list.map(({ name }) => name).sort()
}

function assertFiles(plugin: string, files: readonly string[]): void {
  const there = readdirSync(path.join(FOLDER, plugin))
  for (const file of files) assert.ok(there.includes(file), file)
}

interface Node {
  readonly type?: unknown
  readonly description?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: unknown
  readonly items?: Node
  readonly default?: unknown
}

function assertDescribed(node: object, at: string): void {
  const { type, required = [], properties, additionalProperties, items }: Node = node
  if (type === 'object' && properties !== undefined) {
    assert.equal(additionalProperties, false, `${at} takes unknown fields`)
  }
  for (const [name, child] of Object.entries(properties ?? {})) {
    const place = `${at}.${name}`
    assert.match(child.description ?? '', /^[A-Z].*[.]$/s, `${place} has no description`)
    if (child.properties !== undefined && required.includes(name)) {
      // Kong fills in a required record that is left out, and so what stands in it by default.
      assert.equal(typeof child.default, 'object', `${place} needs a default, such as {}`)
    }
    assertDescribed(child, place)
  }
  for (const name of required) {
    assert.ok(Object.hasOwn(properties ?? {}, name), `${at} requires ${name}, which is no field`)
  }
  if (items !== undefined) assertDescribed(items, `${at}[]`)
  if (type === 'object' && properties === undefined) {
    // A map: its values are of one kind.
    assert.ok(isNode(additionalProperties), `${at} takes anything`)
    assertDescribed(additionalProperties, `${at}{}`)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}
