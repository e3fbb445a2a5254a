import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseYaml, SyntaxFault } from './yaml.js'

const SCALARS: readonly (readonly [text: string, value: unknown])[] = [
  ['yes', true],
  ['No', false],
  ['ON', true],
  ['off', false],
  ['True', true],
  ['y', 'y'],
  ['n', 'n'],
  ['yEs', 'yEs'],
  ['~', null],
  ['null', null],
  ['NULL', null],
  ['nULL', 'nULL'],
  ['010', 8],
  ['-017', -15],
  ['089', 89],
  ['0', 0],
  ['0x1f', 31],
  ['0b11', 3],
  ['0b1', '0b1'],
  ['1_000', 1000],
  ['1:30', 90],
  ['80:80', 4880],
  ['1:30.5', 90.5],
  ['190:20:30', 685230],
  ['3.0', 3],
  ['.5', 0.5],
  ['1e3', 1000],
  ['.inf', Infinity],
  ['-.INF', -Infinity],
  ['.nan', NaN],
  ['1.2.3', '1.2.3'],
  ['2024-01-01', '2024-01-01'],
  ['127.0.0.1', '127.0.0.1'],
  ['"010"', '010'],
  ["'yes'", 'yes'],
  ['!!str 010', '010'],
  ['!!int "10"', 10],
]

describe('YAML as Kong reads it', () => {
  for (const [text, value] of SCALARS) {
    it(`reads ${text} as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(parseYaml(`a: ${text}\n`).value, { a: value })
    })
  }

  it('takes the last of two equal keys', () => {
    assert.deepEqual(parseYaml('a: 1\na: 2\n').value, { a: 2 })
  })

  it('merges mappings, own keys first, then the earlier source', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 3}\n'
    assert.deepEqual((parseYaml(text).value as { z: unknown }).z, { a: 3, b: 1, c: 2 })
  })

  it('reads the first document of several', () => {
    assert.deepEqual(parseYaml('a: 1\n---\nb: 2\n').value, { a: 1 })
  })

  it('reads nothing as null', () => {
    assert.equal(parseYaml('# a remark\n').value, null)
  })

  it('tells line and column of a mistake', () => {
    assert.throws(
      () => parseYaml('a:\n  - b: 1\n   c: 2\n'),
      (error) => {
        assert(error instanceof SyntaxFault)
        assert.deepEqual(error.place, { line: 3, column: 4 })
        return true
      },
    )
  })
})
