import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { oddText } from '../../../test/support/arbitrary-config.js'
import { parseYaml } from './yaml.js'
import { printYaml } from './print.js'

const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    oddText,
    fc.constantFrom('', null, true, false, 0, -0, Infinity, -Infinity, NaN),
    fc.double(),
    fc.maxSafeInteger(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(oddText, tie('node'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).node

describe('YAML that is written', () => {
  it('reads back as the very same values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(oddText, value, { maxKeys: 4, noNullPrototype: true }),
        (record) => {
          const printed = printYaml(record)
          assert.deepEqual(
            parseYaml(printed).value,
            Object.keys(record).length === 0 ? null : record,
          )
        },
      ),
      { seed: 21, numRuns: 3_000 },
    )
  })

  it('is plain where that is safe, and shows several lines as such', () => {
    const printed = printYaml({
      plain: 'https://a.test/b?c=d',
      word: 'no',
      number: '1_0',
      lines: 'one\n  two\n\nthree\n',
      open: 'one\ntwo',
      list: [[1, 2], { a: [] }, {}],
    })
    assert.equal(
      printed,
      [
        'plain: https://a.test/b?c=d',
        'word: "no"',
        'number: "1_0"',
        'lines: |',
        '  one',
        '    two',
        '',
        '  three',
        'open: |-',
        '  one',
        '  two',
        'list:',
        '-',
        '  - 1',
        '  - 2',
        '- a: []',
        '- {}',
        '',
      ].join('\n'),
    )
  })
})
