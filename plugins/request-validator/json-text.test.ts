import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { JsonFault, parseJson, parseJsonBytes } from './json-text.js'

/** What it is read as; undefined when it is refused. */
function read(text: string): unknown {
  try {
    return { value: parseJson(text) }
  } catch (error) {
    if (error instanceof JsonFault) return undefined
    throw error
  }
}

function readLoosely(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

describe('JSON that is read strictly', () => {
  it('is read as any parser reads it', () => {
    const space = fc.constantFrom('', ' ', '\n\t', '\r\n ')
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), space, (value, indent) => {
        const text = indent + JSON.stringify(value, null, indent) + indent
        assert.deepEqual(read(text), readLoosely(text))
      }),
    )
  })

  it('is never taken for JSON when it is none, whatever a text has become', () => {
    const mutation = fc.tuple(
      fc.nat(),
      fc.constantFrom(...Array.from('{}[]",:\\01eE-+.tfnu \n\0\u2028é')),
      fc.nat(2),
    )
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.array(mutation, { maxLength: 3 }), (json, all) => {
        let text = json
        for (const [place, character, removed] of all) {
          const at = place % (text.length + 1)
          text = text.slice(0, at) + character + text.slice(at + removed)
        }
        const loose = readLoosely(text)
        const strict = read(text)
        // It may refuse more than others, but must not read anything else.
        if (strict !== undefined) assert.deepEqual(strict, loose)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps a member called __proto__ a member', () => {
    const value = parseJson('{"__proto__":{"a":1}}') as object
    assert.deepEqual(Object.keys(value), ['__proto__'])
    assert.equal(Object.getPrototypeOf(value), Object.prototype)
  })

  it('tells where every value stands', () => {
    const places = new Map<string, number>()
    parseJson('{"a/b": [1, {"~": null}]}', places)
    assert.deepEqual(
      [...places],
      [
        ['', 0],
        ['/a~1b', 8],
        ['/a~1b/0', 9],
        ['/a~1b/1', 12],
        ['/a~1b/1/~0', 18],
      ],
    )
  })

  it('may be nested 100 deep', () => {
    const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
    assert.doesNotThrow(() => parseJsonBytes(nested(101)))
    assert.throws(() => parseJsonBytes(nested(102)), { offset: 101 })
  })
})
