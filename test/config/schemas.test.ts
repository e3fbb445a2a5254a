// The schemas themselves: well formed, described, and the published whole in step with them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Ajv, type SchemaObject } from 'ajv'
import yaml from 'js-yaml'
import { KEYWORDS } from '../../schemas/keywords.js'
import type { JSONSchema } from '../../schemas/types.js'
import { COLLECTIONS } from '../../src/config/entities/collections.js'
import { NUMBER_FORMATS, TEXT_FORMATS } from '../../src/config/formats/formats.js'
import { publishedSchema } from '../../src/config/published-schema.js'
import { definePlugin } from '../../src/plugin/contract.js'

const plugin = definePlugin({
  name: 'file-log',
  version: '1.0.0',
  priority: 9,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      path: { type: 'string' },
      rotate: {
        type: 'object',
        properties: { days: { type: 'integer', default: 7 } },
        required: ['days'],
      },
    },
    required: ['path'],
  },
})

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false, validateFormats: false })
const validate = ajv.compile(publishedSchema([plugin]))

function accepts(text: string): boolean {
  return validate(yaml.load(`_format_version: "3.0"\n${text}`))
}

function* propertiesOf(schema: JSONSchema, path: string): Generator<[string, JSONSchema]> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property !== 'object') continue
    yield [`${path}.${name}`, property]
    yield* propertiesOf(property, `${path}.${name}`)
    const { items } = property
    if (typeof items === 'object' && !Array.isArray(items)) {
      yield* propertiesOf(items as JSONSchema, `${path}.${name}`)
    }
  }
}

describe('the schemas of entities', () => {
  for (const { name, schema } of COLLECTIONS) {
    it(`are JSON Schema without a slip: ${name}`, () => {
      const strict = new Ajv({ strict: true, allowUnionTypes: true, validateFormats: false })
      strict.addVocabulary([...KEYWORDS])
      assert(strict.validateSchema(schema as SchemaObject), strict.errorsText())
      assert.equal(schema.additionalProperties, false)
    })

    it(`describe every field: ${name}`, () => {
      const silent = [...propertiesOf(schema, name)].filter(
        ([, { description = '' }]) => description === '',
      )
      assert.deepEqual(
        silent.map(([path]) => path),
        [],
      )
    })

    it(`name only formats that are known: ${name}`, () => {
      const formats = JSON.stringify(schema).matchAll(/"format":"([^"]*)"/g)
      for (const [, format = ''] of formats) {
        assert(TEXT_FORMATS.has(format) || NUMBER_FORMATS.has(format), format)
      }
    })
  }
})

describe('the published schema', () => {
  it('is the one in the repository but for the plugins', () => {
    const file = new URL('../../../schemas/kong.schema.json', import.meta.url)
    const published = JSON.parse(readFileSync(file, 'utf8')) as { properties: object }
    assert.deepEqual(
      published.properties,
      JSON.parse(JSON.stringify(publishedSchema([]).properties)),
    )
  })

  it('takes entities nested and flat, with shorthand and references', () => {
    assert(
      accepts(`services:
- url: http://x.test
  _comment: any
  routes: [{paths: [/a], plugins: [{name: file-log, config: {path: /x}}]}]
consumers: [{username: u, keyauth_credentials: [{key: k}]}]
acls: [{consumer: u, group: g}]
plugins: [{name: a-plugin-of-mine, config: {any: thing}, route: {id: x}}]
`),
    )
  })

  it('does not demand what has a default, at any depth', () => {
    assert(accepts('upstreams: [{name: u, healthchecks: {active: {http_path: /up}}}]'))
    assert(accepts('plugins: [{name: file-log, config: {path: /x, rotate: {}}}]'))
  })

  for (const text of [
    'services: [{name: x}]',
    'services: [{host: x, retrys: 1}]',
    'servicez: []',
    'acls: [{group: g}]',
    'plugins: [{name: file-log, config: {pth: x}}]',
    'plugins: [{name: file-log, config: {}}]',
  ]) {
    it(`refuses ${text}`, () => {
      assert(!accepts(text))
    })
  }
})
