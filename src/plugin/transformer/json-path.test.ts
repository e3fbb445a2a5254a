import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonOf, parseJson, type JsonContainer } from '../json-object.js'
import { addAt, appendAt, jsonPath, keepOnly, removeAt, renameAt, replaceAt } from './json-path.js'
import type { JsonPath } from './json-path.js'

const path = (name: string): JsonPath => jsonPath(name, false)

function changed(text: string, change: (root: JsonContainer) => void): string {
  const root = parseJson(Buffer.from(text))
  assert.ok(root)
  change(root)
  return root.toBuffer().toString()
}

describe('a path into a JSON body', () => {
  const text = '{"a.b":0,"a":{"b":1,"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4,5]],"x[y":6}'

  const removals: readonly (readonly [string, string])[] = [
    ['a.b', '{"a.b":0,"a":{"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4,5]],"x[y":6}'],
    ['l[1].n', '{"a.b":0,"a":{"b":1,"c":2},"l":[{"o":1},{"n":2},3,[4,5]],"x[y":6}'],
    ['l[*].n', '{"a.b":0,"a":{"b":1,"c":2},"l":[{"o":1},{},3,[4,5]],"x[y":6}'],
    ['l[4][2]', '{"a.b":0,"a":{"b":1,"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4]],"x[y":6}'],
    ['l[*]', '{"a.b":0,"a":{"b":1,"c":2},"l":[],"x[y":6}'],
    ['x[y', '{"a.b":0,"a":{"b":1,"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4,5]]}'],
  ]
  for (const [name, expected] of removals) {
    it(`takes out what ${name} leads to`, () => {
      const result = changed(text, (root) => {
        removeAt(root, path(name))
      })
      assert.equal(result, expected)
    })
  }

  for (const name of ['none.b', 'a.b.c', 'a[1]', 'l.n', 'l[0]', 'l[9].n', 'l[3].n', 'l[*].n.m']) {
    it(`leads nowhere with ${name}`, () => {
      const result = changed(text, (root) => {
        removeAt(root, path(name))
        renameAt(root, path(name), 'new', true)
        replaceAt(root, path(name), '1')
      })
      assert.equal(result, text)
    })
  }

  it('is one name where dots belong to names', () => {
    const result = changed(text, (root) => {
      removeAt(root, jsonPath('a.b', true))
      removeAt(root, jsonPath('l[1]', true))
    })
    assert.equal(result, '{"a":{"b":1,"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4,5]],"x[y":6}')
  })

  it('may begin in a list', () => {
    const result = changed('[{"a":1},[{"a":2}]]', (root) => {
      replaceAt(root, path('[*].a'), '3')
      addAt(root, path('[2][1].b'), '4')
    })
    assert.equal(result, '[{"a":3},[{"a":2,"b":4}]]')
  })

  it('renames a member where it stands, one that is false in answers alone', () => {
    const result = changed('{"l":[{"a":1,"z":2},{"a":false}]}', (root) => {
      renameAt(root, path('l[*].a'), 'b', false)
      renameAt(root, path('l[*].a'), 'c', true)
    })
    assert.equal(result, '{"l":[{"z":2,"b":1},{"c":false}]}')
  })

  it('makes the objects on the way for what is added, and no lists', () => {
    const result = changed('{"n":1,"l":[]}', (root) => {
      addAt(root, path('a.b.c'), jsonOf('v'))
      appendAt(root, path('a.b.d'), '1')
      addAt(root, path('n.b'), '2')
      addAt(root, path('new[1].b'), '3')
      addAt(root, path('obj.list[1]'), '3')
      addAt(root, path('l[1].b'), '4')
    })
    assert.equal(result, '{"n":1,"l":[],"a":{"b":{"c":"v","d":[1]}}}')
  })

  it('appends to each of several', () => {
    const result = changed('{"l":[{"t":["a"]},{"t":"b"},{}]}', (root) => {
      appendAt(root, path('l[*].t'), jsonOf('z'))
    })
    assert.equal(result, '{"l":[{"t":["a","z"]},{"t":["b","z"]},{"t":["z"]}]}')
  })

  it('leaves the bytes of what it only leads past', () => {
    const big = '{"a":{"n":12345678901234567890, "s":"\\u00e9é"},"b":1.0}'
    assert.equal(
      changed(big, (root) => {
        addAt(root, path('a.x'), 'true')
      }),
      '{"a":{"n":12345678901234567890,"s":"\\u00e9é","x":true},"b":1.0}',
    )
  })

  describe('that is allowed', () => {
    const cases: readonly (readonly [readonly string[], string, string])[] = [
      [['a', 'l'], text, '{"a":{"b":1,"c":2},"l":[{"n":1,"o":1},{"n":2},3,[4,5]]}'],
      [['a.b', 'l[*].n'], text, '{"a":{"b":1},"l":[{"n":1},{"n":2},[]]}'],
      [['l[1]', 'l[2].o'], text, '{"l":[{"n":1,"o":1},{}]}'],
      [['a.b', 'a'], text, '{"a":{"b":1,"c":2}}'],
      [['none', 'l.n', 'a[1]'], text, '{"a":{},"l":[]}'],
      [['a'], '[{"a":1}]', '[]'],
      [['[*].a'], '[{"a":1,"b":2}]', '[{"a":1}]'],
    ]
    for (const [names, before, expected] of cases) {
      it(`lets ${names.join(' and ')} through of ${before}, and nothing else`, () => {
        const result = changed(before, (root) => {
          keepOnly(root, names.map(path))
        })
        assert.equal(result, expected)
      })
    }
  })
})
