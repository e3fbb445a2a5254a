import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const EMPTY = { body: [], headers: [], querystring: [] }

describe('the configuration of request-transformer', () => {
  it('needs nothing', () => {
    assert.deepEqual(complete(spec, {}), {
      remove: EMPTY,
      rename: EMPTY,
      replace: EMPTY,
      add: EMPTY,
      append: EMPTY,
    })
  })

  it('refuses null for a list', () => {
    assert.deepEqual(faultsOf(spec, { add: { headers: null } }), [
      'add.headers: required field missing',
    ])
  })

  it('takes a method in capitals alone', () => {
    assert.deepEqual(faultsOf(spec, { http_method: 'PURGE' }), [])
    for (const http_method of ['get', 'HELLO!']) {
      assert.deepEqual(faultsOf(spec, { http_method }), [
        `http_method: invalid value: ${http_method}`,
      ])
    }
  })

  const ADDING = ['replace', 'add', 'append']
  /** Steps, list, entry, what is wrong with it. */
  const entries: readonly (readonly [readonly string[], string, string, string?])[] = [
    [['remove'], 'headers', 'x-old'],
    [['remove'], 'headers', 'x-old:any thing'],
    [['remove'], 'headers', 'x old', "'x old' is not a valid header"],
    [['remove'], 'headers', ':x', "'' is not a valid header"],
    [['remove'], 'querystring', 'any thing'],
    [['remove'], 'body', ':'],
    [['rename'], 'headers', 'x-old:x-new'],
    [['rename'], 'headers', 'x-old', 'invalid value: x-old'],
    [['rename'], 'headers', 'x old:x-new', "'x old' is not a valid header"],
    [['rename'], 'headers', 'x-old:x:new', "'x:new' is not a valid header"],
    [['rename'], 'headers', 'x-old:', "'' is not a valid header"],
    [ADDING, 'headers', 'X-A:b:c d'],
    [ADDING, 'headers', 'X-A:'],
    [ADDING, 'headers', 'X-A:$(oops'],
    [ADDING, 'headers', 'just_a_key', 'invalid value: just_a_key'],
    [ADDING, 'headers', ':value', 'invalid value: :value'],
    [ADDING, 'headers', 'X A:b', "'X A' is not a valid header"],
  ]
  const pairs: readonly (readonly [string, string?])[] = [
    ['name:value'],
    ['na me:va:lue'],
    ['name::value'],
    ['name:two\nlines'],
    ['name', "key 'name' has no value"],
    ['name:', "key 'name' has no value"],
    ['name::', "key 'name' has no value"],
    [':value', "key '' has no value"],
  ]
  const all = [
    ...entries,
    ...['querystring', 'body'].flatMap((list) =>
      pairs.map(([entry, fault]) => [['rename', ...ADDING], list, entry, fault] as const),
    ),
  ]
  for (const [steps, list, entry, fault] of all) {
    for (const step of steps) {
      const verdict = fault === undefined ? 'takes' : 'refuses'
      it(`${verdict} ${JSON.stringify(entry)} in ${step}.${list}`, () => {
        const faults = fault === undefined ? [] : [`${step}.${list}[0]: ${fault}`]
        assert.deepEqual(faultsOf(spec, { [step]: { [list]: [entry] } }), faults)
      })
    }
  }

  it('refuses a map in place of a pair', () => {
    assert.deepEqual(faultsOf(spec, { add: { headers: [{ 'X-Service': 'orders' }] } }), [
      'add.headers[0]: expected a string',
    ])
  })

  it('knows a path for replace alone', () => {
    assert.deepEqual(faultsOf(spec, { replace: { uri: '/$(uri_captures.id)' } }), [])
    assert.deepEqual(faultsOf(spec, { add: { uri: '/a' } }), ['add.uri: unknown field'])
  })
})
