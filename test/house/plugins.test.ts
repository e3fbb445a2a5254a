// Every bundled plugin has the number, the order and the folder that the house asks for.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { PluginRegistry } from '../../src/plugin/registry.js'

const FOLDER = path.resolve(import.meta.dirname, '../../../plugins')

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
  it('have the priorities of Kong, each its own', () => {
    for (const { name, priority } of bundledPlugins) assert.equal(priority, KONG[name], name)
    const priorities = new Set(bundledPlugins.map(({ priority }) => priority))
    assert.equal(priorities.size, bundledPlugins.length)
  })

  it('are listed in the order in which they run', () => {
    const listed = bundledPlugins.map(({ name }) => name)
    assert.deepEqual(new PluginRegistry(bundledPlugins).names(), listed)
  })

  it('are all the folders of plugins/', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    const names = bundledPlugins.map(({ name }) => name)
    assert.deepEqual(folders.map(({ name }) => name).sort(), names.sort())
  })

  for (const { name, schema } of bundledPlugins) {
    describe(name, () => {
      it('has its schema, code, tests and guide', () => {
        const files = readdirSync(path.join(FOLDER, name))
        for (const file of ['schema.ts', 'index.ts', `${name}.test.ts`, 'README.md']) {
          assert.ok(files.includes(file), file)
        }
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

interface Node {
  readonly type?: unknown
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: unknown
  readonly items?: Node
  readonly default?: unknown
}

function assertDescribed(node: object, at: string): void {
  const { type, properties, additionalProperties, items }: Node = node
  if (type === 'object') assert.equal(additionalProperties, false, `${at} takes unknown fields`)
  for (const [name, child] of Object.entries(properties ?? {})) {
    const place = `${at}.${name}`
    assert.match(child.description ?? '', /^[A-Z].*[.]$/s, `${place} has no description`)
    if (child.type === 'object') assert.deepEqual(child.default, {}, `${place} needs default: {}`)
    assertDescribed(child, place)
  }
  if (items !== undefined) assertDescribed(items, `${at}[]`)
}
