import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileFaults, type FaultAt } from './fault-tree.js'
import { luaBlock, luaLine } from './lua-text.js'

function line(...faults: [FaultAt['steps'], string][]): string {
  return luaLine(fileFaults(faults.map(([steps, message]) => ({ steps, message }))))
}

describe('faults as a Lua table', () => {
  for (const [title, expected, ...faults] of [
    ['an empty table', '{}'],
    ['a field', '{a="x"}', [['a'], 'x']],
    ['names in their order', '{a="1",b="2"}', [['b'], '2'], [['a'], '1']],
    ['a list', '{a={"1","2"}}', [['a', 0], '1'], [['a', 1], '2']],
    ['a list that begins late', '{a={[3]="x"}}', [['a', 2], 'x']],
    ['a list with a hole', '{a={"1",[3]="3"}}', [['a', 0], '1'], [['a', 2], '3']],
    ['a name with other characters', '{["a-b"]="x"}', [['a-b'], 'x']],
    ['a word of Lua as a name', '{["end"]="x"}', [['end'], 'x']],
    ['quotes and backslashes', '{a="say \\"hi\\" \\\\"}', [['a'], 'say "hi" \\']],
    ['several lines', '{a=[[one\ntwo]]}', [['a'], 'one\ntwo']],
    ['a line break in front', '{a=[[\n\ntwo]]}', [['a'], '\ntwo']],
    ['brackets of Lua in a text', '{a=[=[x ]] y]=]}', [['a'], 'x ]] y']],
    ['carriage returns', '{a="x\\r\\\ny"}', [['a'], 'x\r\ny']],
  ] as const satisfies readonly [string, string, ...[FaultAt['steps'], string][]][]) {
    it(`prints ${title} as Penlight does`, () => {
      assert.equal(line(...faults), expected)
    })
  }

  it('prints a block with two spaces for each level', () => {
    const tree = fileFaults([
      { steps: ['b', 0], message: 'x' },
      { steps: ['b', 1], message: 'y' },
      { steps: ['a'], message: 'z' },
    ])
    assert.equal(luaBlock(tree), '{\n  a = "z",\n  b = {\n    "x",\n    "y"\n  }\n}')
  })
})
