import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Excerpts } from './excerpt.js'

/** The source line, and below it the caret. */
function excerpt(text: string, line: number, column: number, path = 'x'): string[] {
  const problem = { file: 'f', path, line, column, message: 'm' }
  const found = new Excerpts(text).of(problem)
  assert.ok(found)
  return [found.source, found.caret]
}

describe('an excerpt', () => {
  it('finds its line, whatever ends lines', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['\uFEFFa: 1', '', '  b: 2', 'c: 3'].join(end)
      assert.deepEqual(excerpt(text, 3, 6), ['  b: 2', '     ^'])
      assert.deepEqual(excerpt(text, 4, 4), ['c: 3', '   ^'])
      assert.deepEqual(excerpt(text, 2, 1), ['', '^'])
    }
  })

  it('keeps tabs, so that the caret stands below its character', () => {
    assert.deepEqual(excerpt('\t\tb:\t2', 1, 6), ['\t\tb:\t2', '\t\t  \t^'])
  })

  it('gives wide characters and emoji two cells, accents none', () => {
    assert.deepEqual(excerpt('名前: 1', 1, 5), ['名前: 1', `${' '.repeat(6)}^`])
    assert.deepEqual(excerpt('👩‍👩‍👧: 1', 1, 8), ['👩‍👩‍👧: 1', `${' '.repeat(4)}^`])
    assert.deepEqual(excerpt('e\u0301: 1', 1, 5), ['e\u0301: 1', `${' '.repeat(3)}^`])
    assert.deepEqual(excerpt('ｶﾅ: 1', 1, 5), ['ｶﾅ: 1', `${' '.repeat(4)}^`])
  })

  it('shows what a terminal would obey as an escape, and counts its cells', () => {
    assert.deepEqual(excerpt('"\x1b[2J": 1', 1, 9), ['"\\x1b[2J": 1', `${' '.repeat(11)}^`])
    assert.deepEqual(excerpt('\u009b2J\u202e: 1', 1, 7), [
      '\\x9b2J\\u{202e}: 1',
      `${' '.repeat(16)}^`,
    ])
  })

  it('splits the value in question at its caret, and masks every other', () => {
    assert.deepEqual(excerpt('a: sec, b: some words, c: "s e", d: x # why', 1, 17), [
      'a: ***, b: some words, c: ***, d: ***',
      `${' '.repeat(16)}^`,
    ])
  })

  it('points at the mask of a secret from any place within', () => {
    assert.deepEqual(excerpt('key: hunter2', 1, 9, 'a.key'), ['key: ***', '     ^'])
  })

  it('knows the keys of JSON without spaces, and none that only look so', () => {
    assert.deepEqual(excerpt('{"a":"s1","b":["s2",{"c":5}],"d":"s3"}', 1, 26), [
      '{"a":***,"b":[***,{"c":5}],"d":***}',
      `${' '.repeat(23)}^`,
    ])
    assert.deepEqual(excerpt('password: "hun":ter2', 1, 1), ['password: ***:***', '^'])
  })

  it('masks quoted text with escapes, brackets and missing ends', () => {
    assert.deepEqual(excerpt(`a: "x\\"y, z: s", b: 'it''s: [q', c: "open: s`, 1, 1), [
      'a: ***, b: ***, c: ***',
      '^',
    ])
  })

  it('has no place that the text does not have', () => {
    const problem = { file: 'f', path: '', column: 1, message: 'm' }
    assert.equal(new Excerpts('a: 1').of({ ...problem, line: 2 }), undefined)
  })

  it('points behind the end for a column that the line does not have', () => {
    assert.deepEqual(excerpt('a: 1', 1, 99), ['a: ***', '      ^'])
  })

  it('shows the part of a long line around the caret', () => {
    const item = '{"name":"secret","port":70000},'
    const text = `[${item.repeat(40_000)}0]`
    const column = 1 + item.length * 20_000 + item.indexOf('7') + 1
    const [source = '', caret = ''] = excerpt(text, 1, column)
    assert.equal(source.length, 102)
    assert.ok(source.startsWith('…') && source.endsWith('…'), source)
    assert.equal(source.slice(caret.length - 1).slice(0, 6), '70000}')
    assert.doesNotMatch(source, /secret/)
  })

  it('is the same for a caret far into a line as for the first one asked for', () => {
    const text = `[${'{"name":"sec, ret","port":70000,"ü😀":1},'.repeat(3_000)}0]`
    const problems = [100_000, 50, 60_000, 9_000, 9_001].map((column) => ({
      ...{ file: 'f', path: 'x', line: 1, column, message: 'm' },
    }))
    const shared = new Excerpts(text)
    for (const problem of problems) {
      assert.deepEqual(shared.of(problem), new Excerpts(text).of(problem))
    }
  })

  it('takes a value of megabytes', () => {
    const long = 's'.repeat(20_000_000)
    for (const value of [`"${long}"`, `'${long}'`, long, `"${'\\n'.repeat(1_000_000)}"`]) {
      const text = `{"a": ${value}, "b": 1}`
      assert.deepEqual(excerpt(text, 1, text.length - 1), [
        '{"a": ***, "b": 1}',
        `${' '.repeat(16)}^`,
      ])
      const [source = ''] = excerpt(text, 1, 7)
      assert.ok(source.length <= 102)
    }
  })
})

describe('a thousand excerpts', () => {
  const SECONDS = 3

  it('of a text of many lines take no thousand searches', () => {
    const text = '- {name: abc, port: 70000}\n'.repeat(500_000)
    const excerpts = new Excerpts(text)
    const started = performance.now()
    for (let i = 1; i <= 1_000; i++) {
      const problem = { file: 'f', path: 'x', line: i * 500, column: 21, message: 'm' }
      assert.equal(excerpts.of(problem)?.source, '- {name: ***, port: 70000}')
    }
    assert.ok(performance.now() - started < SECONDS * 1000)
  })

  it('of one line take no thousand readings of it', () => {
    const item = '{"name":"secret","port":70000},'
    const excerpts = new Excerpts(`[${item.repeat(100_000)}0]`)
    const started = performance.now()
    for (let i = 1; i <= 1_000; i++) {
      const column = 1 + item.length * i * 90 + item.indexOf('7') + 1
      const found = excerpts.of({ file: 'f', path: 'x', line: 1, column, message: 'm' })
      assert.equal(found?.source.slice(found.caret.length - 1).slice(0, 5), '70000')
    }
    assert.ok(performance.now() - started < SECONDS * 1000)
  })
})
