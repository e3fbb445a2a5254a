import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import type { ValidateFunction } from 'ajv'
import type { JSONSchema } from '../../schemas/types.js'
import { createRequire } from 'node:module'
import { compiledFile, compileToModule, validatorOf } from './validators.js'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: ['string', 'null'], minLength: 2, default: null },
    list: {
      type: 'array',
      items: { type: 'string', pattern: '^a' },
      uniqueItems: true,
      default: [],
    },
  },
} as const satisfies JSONSchema

function fromModule(text: string): ValidateFunction {
  const module = { exports: {} }
  runInNewContext(text, {
    module,
    exports: module.exports,
    require: createRequire(import.meta.url),
  })
  return module.exports as ValidateFunction
}

describe('a validator compiled in advance', () => {
  it('says and does the same as one compiled at once', () => {
    const inAdvance = fromModule(compileToModule(schema))
    for (const make of [
      () => ({}),
      () => ({ name: 'x', list: ['b'], other: 1 }),
      () => ({ list: ['a', 'a'] }),
      () => 'text',
    ]) {
      const [one, other] = [make(), make()]
      assert.equal(inAdvance(one), validatorOf(schema)(other))
      // As text: what the module makes belongs to another realm.
      assert.equal(JSON.stringify(one), JSON.stringify(other))
      assert.equal(
        JSON.stringify(inAdvance.errors ?? []),
        JSON.stringify(validatorOf(schema).errors ?? []),
      )
    }
  })

  it('is not found for a schema that says something else', () => {
    assert.notEqual(compiledFile(schema), compiledFile({ ...schema, additionalProperties: true }))
  })
})
