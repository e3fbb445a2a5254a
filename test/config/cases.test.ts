// Every .yml beside this file is a case: a declarative file, a ruler of equals signs, and below it what comes of it.
// That is either `problems:`, one line each, or YAML that the snapshot must hold (it may hold more).
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import yaml from 'js-yaml'
import { COLLECTIONS } from '../../src/config/entities/collections.js'
import { loadConfig } from '../../src/config/index.js'
import { ConfigError, type Problem } from '../../src/errors/config-error.js'
import { ConfigFault } from '../../src/plugin/config-fault.js'
import { definePlugin, type AnyPlugin } from '../../src/plugin/contract.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'

// Seen from dist/test/config/.
const folder = new URL('../../../test/config/', import.meta.url)
const RULER = /^# ={10,}$\n/m

/** Stand-ins: the cases are about the file around a plugin's configuration. */
const acl = definePlugin({
  name: 'acl',
  version: '1.0.0',
  priority: 950,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      allow: { type: ['array', 'null'], items: { type: 'string' }, default: null },
      deny: { type: ['array', 'null'], items: { type: 'string' }, default: null },
    },
  },
  prepare: ({ allow, deny }): readonly string[] => {
    if (allow !== null && deny !== null)
      throw new ConfigFault('deny', 'not beside allow', 'drop it')
    return allow ?? []
  },
})

const plugins: readonly AnyPlugin[] = [
  definePlugin({
    name: 'key-auth',
    version: '1.0.0',
    priority: 1250,
    scopes: ['global', 'service', 'route'],
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        key_names: {
          type: 'array',
          items: { type: 'string', minLength: 1, format: 'header-name' },
          minItems: 1,
          default: ['apikey'],
        },
        anonymous: { type: ['string', 'null'], default: null },
        realm: { type: 'string', default: 'x' },
      },
      required: ['key_names'],
    },
  }),
  acl,
  definePlugin({
    name: 'file-log',
    version: '1.0.0',
    priority: 9,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        path: { type: 'string', minLength: 1 },
        reopen: { type: 'boolean', default: false },
      },
      required: ['path'],
    },
  }),
]
const built = new Set(plugins.map(({ name }) => name))
const registry = new PluginRegistry(
  plugins,
  [...bundledPlugins, ...plannedPlugins].filter(({ name }) => !built.has(name)),
)

function load(text: string, file: string) {
  const { snapshot, warnings } = loadConfig(
    { text, file },
    { plugins: registry, now: () => 1700000000000 },
  )
  const { services, routes, consumers, plugins: uses } = snapshot
  const credentials = consumers.flatMap((consumer) =>
    COLLECTIONS.flatMap(({ name }) => snapshot.credentialsOf(name, consumer)),
  )
  return { services, routes, consumers, plugins: uses, credentials, warnings: warnings.map(format) }
}

function format({ line, column, path, message, hint }: Problem): string {
  const fault = [path, message].filter(Boolean).join(': ')
  return `${line}:${column} ${fault}${hint === undefined ? '' : ` (${hint})`}`
}

function problemsOf(text: string, file: string): string[] {
  try {
    load(text, file)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(format)
    throw error
  }
}

/** The part of `actual` that `expected` speaks of. */
function pick(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((item: unknown, index) =>
      index < expected.length ? pick(item, expected[index]) : item,
    )
  }
  if (isObject(actual) && isObject(expected)) {
    return Object.fromEntries(
      Object.keys(expected).map((key) => [key, pick(actual[key], expected[key])]),
    )
  }
  return actual
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

describe('a declarative file', () => {
  for (const file of readdirSync(folder).filter((name) => /\.(yml|json\.txt)$/.test(name))) {
    it(file.replace(/\.yml$/, '').replaceAll('-', ' '), () => {
      const [text = '', below = ''] = readFileSync(new URL(file, folder), 'utf8').split(RULER)
      assert.notEqual(below, '', 'a case needs a ruler and what is expected')
      if (below.startsWith('problems:\n')) {
        assert.deepEqual(problemsOf(text, file), below.trim().split('\n').slice(1))
      } else {
        const expected = yaml.load(below)
        assert.deepEqual(pick(load(text, file), expected), expected)
      }
    })
  }
})
