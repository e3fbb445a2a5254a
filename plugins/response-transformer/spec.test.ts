import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const EMPTY = { json: [], headers: [] }

describe('the configuration of response-transformer', () => {
  it('needs nothing', () => {
    const typed = { ...EMPTY, json_types: [] }
    assert.deepEqual(complete(spec, {}), {
      remove: EMPTY,
      rename: EMPTY,
      replace: typed,
      add: typed,
      append: typed,
    })
  })

  const ADDING = ['replace', 'add', 'append']
  /** Steps, list, entry, what is wrong with it. */
  const entries: readonly (readonly [readonly string[], string, unknown, string?])[] = [
    [['remove'], 'headers', 'any thing'],
    [['remove'], 'json', ':'],
    [['rename'], 'headers', 'h1:h2'],
    [['rename'], 'headers', 'h1', 'invalid value: h1'],
    [['rename'], 'headers', 'bad header!:x', "'bad header!' is not a valid header"],
    [['rename'], 'headers', 'h1:bad header!', "'bad header!' is not a valid header"],
    [['rename'], 'json', 'a b:c d'],
    [['rename', ...ADDING], 'json', 'just_a_key', 'invalid value: just_a_key'],
    [ADDING, 'json', 'p:'],
    [ADDING, 'headers', 'bad header!:x'],
    [ADDING, 'headers', 'just_a_key', 'invalid value: just_a_key'],
    [ADDING, 'headers', '', 'invalid value: '],
    [ADDING, 'json_types', 'number'],
    [ADDING, 'json_types', 'integer', 'expected one of: boolean, number, string'],
  ]
  for (const [steps, list, entry, fault] of entries) {
    for (const step of steps) {
      const verdict = fault === undefined ? 'takes' : 'refuses'
      it(`${verdict} ${JSON.stringify(entry)} in ${step}.${list}`, () => {
        const faults = fault === undefined ? [] : [`${step}.${list}[0]: ${fault}`]
        assert.deepEqual(faultsOf(spec, { [step]: { [list]: [entry] } }), faults)
      })
    }
  }

  it('refuses null for a list, and types where nothing is typed', () => {
    assert.deepEqual(faultsOf(spec, { add: { json: null }, rename: { json_types: [] } }), [
      'add.json: required field missing',
      'rename.json_types: unknown field',
    ])
  })
})
