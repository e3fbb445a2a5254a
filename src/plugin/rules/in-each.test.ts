import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inEach } from './in-each.js'
import { atLeastOneOf, conditional, type RawConfig } from './rules.js'

describe('inEach', () => {
  const rule = inEach('outer.list', conditional({ when: 'kind', is: ['a'], field: 'size' }))
  const faults = (config: RawConfig) =>
    rule.check(config).map(({ field, message }) => `${field}: ${message}`)

  it('names the records that break the rule', () => {
    const list = [{ kind: 'a' }, { kind: 'b' }, { kind: 'a', size: 1 }, { kind: 'a' }]
    assert.deepEqual(faults({ outer: { list } }), [
      'outer.list[0].size: required field missing',
      'outer.list[3].size: required field missing',
    ])
  })

  it('names the record itself when the rule is about the whole of it', () => {
    const [fault] = inEach('list', atLeastOneOf('x', 'y')).check({ list: [{ x: 1 }, {}] })
    assert.equal(fault?.field, 'list[1]')
  })

  it('finds nothing where there is no list', () => {
    for (const list of [undefined, null, 'a', { kind: 'a' }]) {
      assert.deepEqual(faults({ outer: { list } }), [])
    }
  })

  it('bears records of the wrong type beside others', () => {
    const list = [null, 'a', [{ kind: 'a' }], { kind: 'a' }]
    assert.deepEqual(faults({ outer: { list } }), ['outer.list[3].size: required field missing'])
  })
})
