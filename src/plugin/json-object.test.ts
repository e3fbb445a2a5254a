import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { JsonObject, jsonOf } from './json-object.js'

function changed(text: string, change: (object: JsonObject) => void): string | undefined {
  const object = JsonObject.parse(Buffer.from(text))
  if (object === null) return undefined
  change(object)
  return object.toBuffer().toString()
}

const nothing = (): void => undefined

describe('a JSON object that is changed by name', () => {
  it('keeps the values that nobody changes as they were written', () => {
    const text = '{"big":12345678901234567890,"f":1.0,"e":[],"o":{"a" : [1, 2]},"u":"\\u00e9é/"}'
    assert.equal(changed(text, nothing), text)
  })

  it('is written without blanks between its members, the last of those with one name', () => {
    assert.equal(changed(' { "a" : 1 ,\n"b":2, "a":3 } ', nothing), '{"a":3,"b":2}')
  })

  it('is nothing else than an object', () => {
    for (const text of ['', '[1]', '"a"', '1', 'null', '{"a":1,', '{}x', '\ufeff{}']) {
      assert.equal(JsonObject.parse(Buffer.from(text)), null, text)
    }
  })

  it('keeps bytes that are no UTF-8', () => {
    const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe4, 0x22, 0x7d])
    assert.deepEqual(JsonObject.parse(bytes)?.toBuffer(), bytes)
  })

  it('sets, renames and removes', () => {
    const result = changed('{"a":1,"b":2,"__proto__":3}', (object) => {
      object.set('é', jsonOf('€"'))
      object.rename('a', 'b')
      object.rename('none', 'b')
      object.remove('__proto__')
    })
    assert.equal(result, '{"b":1,"é":"€\\""}')
  })

  it('takes false for absent where Kong does', () => {
    const object = JsonObject.parse(Buffer.from('{"f":false,"n":null,"z":0}'))
    assert.deepEqual(
      ['f', 'n', 'z', 'none'].map((name) => [object?.has(name), object?.hasValue(name)]),
      [
        [true, false],
        [true, true],
        [true, true],
        [false, false],
      ],
    )
  })

  it('appends as Lua does', () => {
    const cases: Readonly<Record<string, string>> = {
      '{}': '{"a":["v"]}',
      '{"a":"x"}': '{"a":["x","v"]}',
      '{"a":[1, 2]}': '{"a":[1, 2,"v"]}',
      '{"a":[ ]}': '{"a":["v"]}',
      '{"a":3}': '{"a":["v"]}',
      '{"a":null}': '{"a":["v"]}',
      '{"a":{"k":1}}': '{"a":{"k":1,"1":"v"}}',
      '{"a":{"1":1}}': '{"a":{"1":1,"2":"v"}}',
      '{"a":{ }}': '{"a":["v"]}',
    }
    for (const [text, expected] of Object.entries(cases)) {
      const result = changed(text, (object) => {
        object.append('a', jsonOf('v'))
      })
      assert.equal(result, expected, text)
    }
  })
})
