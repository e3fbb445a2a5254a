import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { readDocument } from './document.js'
import type { DocumentPath } from './places.js'

/** The text with the place that a path leads to marked by ^, so that a test can be read. */
function mark(text: string, path: DocumentPath, part: 'key' | 'value' = 'value', file = 'a.yml') {
  const { line, column } = readDocument(text, file).place(path, part)
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const characters = Array.from(lines[line - 1] ?? '')
  return [...characters.slice(0, column - 1), '^', ...characters.slice(column - 1)].join('')
}

function problemOf(text: string, file: string) {
  try {
    readDocument(text, file)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems[0]
    throw error
  }
  return undefined
}

describe('the place of a value', () => {
  it('is its first character, that of a key the key', () => {
    const text = 'a:\n  b:   12\n'
    assert.equal(mark(text, ['a', 'b']), '  b:   ^12')
    assert.equal(mark(text, ['a', 'b'], 'key'), '  ^b:   12')
  })

  it('is found in flow style, with quoted keys and pairs without braces', () => {
    const text = 'a: {b: [1, "x"],"c":3, d: [k: v]}\n'
    assert.equal(mark(text, ['a', 'b', 1]), 'a: {b: [1, ^"x"],"c":3, d: [k: v]}')
    assert.equal(mark(text, ['a', 'c'], 'key'), 'a: {b: [1, "x"],^"c":3, d: [k: v]}')
    assert.equal(mark(text, ['a', 'c']), 'a: {b: [1, "x"],"c":^3, d: [k: v]}')
    assert.equal(mark(text, ['a', 'd', 0, 'k']), 'a: {b: [1, "x"],"c":3, d: [k: ^v]}')
  })

  it('is found behind comments and block scalars', () => {
    const text = 'a: |\n  x: # no comment\n    y\n# x: 1\nb: # remark\n  # another\n  c: 1\n'
    assert.equal(mark(text, ['b', 'c']), '  c: ^1')
    assert.equal(mark(text, ['a']), 'a: ^|')
  })

  it('is that of the item in a list, compact or not', () => {
    const text = 'l:\n- a: 1\n  b: 2\n-\n  a: 3\n- - x\n  - y\n'
    assert.equal(mark(text, ['l', 0, 'b']), '  b: ^2')
    assert.equal(mark(text, ['l', 1, 'a']), '  a: ^3')
    assert.equal(mark(text, ['l', 2, 1]), '  - ^y')
  })

  it('is the key for a value that is left out, and the dash for an empty item', () => {
    const text = 'a:\nb: [1]\nc:\n-\n-  # remark\n- x\n-\n- &s\n  - y\n- - z\n'
    assert.equal(mark(text, ['a']), '^a:')
    assert.equal(mark(text, ['c', 1]), '^-  # remark')
    assert.equal(mark(text, ['c', 2]), '- ^x')
    assert.equal(mark(text, ['c', 4, 0]), '  - ^y')
    assert.equal(mark(text, ['c', 5, 0]), '- - ^z')
  })

  it('is the nearest part around what is not there', () => {
    assert.equal(mark('a:\n- b: 1\n', ['a', 0, 'c', 'd']), '- ^b: 1')
  })

  it('is the alias itself, but below it the anchor', () => {
    const text = 'x: &x\n  a: {b: 1}\ny: *x\n'
    assert.equal(mark(text, ['y']), 'y: ^*x')
    assert.equal(mark(text, ['y', 'a', 'b']), '  a: {b: ^1}')
  })

  it('is the source for a merged key, also through several merges', () => {
    const text = 'x: &x\n  a: 1\n  b: 1\ny: &y\n  <<: *x\n  b: 2\nz:\n  <<: [*y]\n  c: 3\n'
    assert.equal(mark(text, ['z', 'a']), '  a: ^1')
    assert.equal(mark(text, ['z', 'b']), '  b: ^2')
    assert.equal(mark(text, ['z', 'c']), '  c: ^3')
  })

  it('is right when an anchor precedes the first key', () => {
    assert.equal(mark('a:\n  &k b: 1\n  c: 2\n', ['a', 'c']), '  c: ^2')
    assert.equal(mark('a: &m\n  b: 1\n', ['a', 'b']), '  b: ^1')
  })

  it('is right for explicit keys', () => {
    assert.equal(mark('? a\n: b: 1\n? c\n: 2\n', ['c']), ': ^2')
  })

  it('counts lines that end in CRLF or CR, and characters rather than bytes', () => {
    assert.equal(mark('a: 1\r\nb:\r\n  ü𝄞é: x\r\n', ['b', 'ü𝄞é']), '  ü𝄞é: ^x')
    assert.equal(mark('a: 1\rb: 2\r', ['b']), 'b: ^2')
  })

  it('does not count a byte order mark', () => {
    assert.equal(mark('\uFEFFa: 1\n', ['a'], 'key'), '^a: 1')
  })

  it('is found in 5,000 lines', () => {
    const text = `l:\n${Array.from({ length: 2500 }, (_, i) => `- a: ${i}\n  b: [${i}]\n`).join('')}`
    assert.deepEqual(readDocument(text, 'a.yml').place(['l', 2499, 'b', 0], 'value'), {
      line: 5001,
      column: 7,
    })
  })

  it('is found in JSON', () => {
    const text = '{"a": [1, {"b\\n":\t"x"}],\n "c": 2}'
    assert.equal(mark(text, ['a', 1, 'b\n'], 'value', 'a.json'), '{"a": [1, {"b\\n":\t^"x"}],')
    assert.equal(mark(text, ['c'], 'key', 'a.json'), ' ^"c": 2}')
  })
})

describe('a text that cannot be read', () => {
  it('is refused with the place of the mistake in YAML', () => {
    const problem = problemOf('a: 1\n\tb: 2\n', 'a.yml')
    assert.equal(problem?.line, 2)
    assert.match(problem.message, /^failed parsing declarative configuration: 1:1: found a tab/)
  })

  it('is refused with the place of the mistake in JSON, and nothing of its text', () => {
    const problem = problemOf('{"key": "hunter2",\n "b": hunter3}', 'a.json')
    assert.deepEqual(problem, {
      file: 'a.json',
      path: 'error',
      line: 2,
      column: 7,
      message: 'failed parsing declarative configuration: 2:7: expected a value',
    })
  })

  for (const text of ['', '{"a":1,}', '{"a" 1}', '[1 2]', '"\t"', '01', '{} {}', '{a: 1}']) {
    it(`is refused as JSON with a place: ${JSON.stringify(text)}`, () => {
      assert.notEqual(problemOf(text, 'a.json')?.line ?? 0, 0)
    })
  }

  it('is refused for the ending of its name', () => {
    assert.equal(
      problemOf('{}', 'kong.toml')?.message,
      'unknown file type: kong.toml. (Accepted types: json, yaml)',
    )
  })

  it('is refused when it is too large', () => {
    assert.match(problemOf('#'.repeat(64 * 1024 * 1024 + 1), 'a.yml')?.message ?? '', /larger than/)
  })

  it('is refused when aliases multiply', () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      const below = i === 0 ? '1' : `*a${i - 1}`
      return `a${i}: &a${i} [${Array.from({ length: 10 }, () => below).join(', ')}]\n`
    })
    assert.match(
      problemOf(levels.join(''), 'a.yml')?.message ?? '',
      /values, with those that aliases repeat/,
    )
  })

  it('is refused when an alias contains itself', () => {
    assert.match(problemOf('a: &a [*a]\n', 'a.yml')?.message ?? '', /nested too deeply/)
  })
})

describe('what is read', () => {
  it('shares no object between two aliases', () => {
    const { value } = readDocument('a: &a {x: 1}\nb: *a\n', 'a.yml')
    const { a, b } = value as { a: object; b: object }
    assert.deepEqual(a, b)
    assert.notEqual(a, b)
  })

  it('keeps a key named __proto__ as a key', () => {
    const { value } = readDocument('{"__proto__": {"polluted": true}}', 'a.json')
    assert.equal(Object.getPrototypeOf(value), Object.prototype)
    assert.deepEqual(Object.keys(value as object), ['__proto__'])
  })

  it('is JSON if it can be, else YAML, when the format is left open', () => {
    assert.deepEqual(readDocument('{"a": "010"}', 'text', 'auto').value, { a: '010' })
    assert.deepEqual(readDocument('a: 010', 'text', 'auto').value, { a: 8 })
  })
})
