import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePattern } from './pcre.js'

describe('compilePattern', () => {
  const cases: readonly (readonly [pattern: string, matches: string, not: string])[] = [
    ['a.c', 'abc', 'a\nc'],
    ['(?i)abc', 'xABCx', 'ab'],
    ['\\Aabc\\z', 'abc', 'xabc'],
    ['(?P<year>\\d{4})', '2026', 'abcd'],
    ['\\x41\\x{42}', 'AB', 'ab'],
    ['[[:alpha:]_]+[[:digit:]]', 'a_1', '11'],
    ['[]a]', ']', 'b'],
    ['[^]a]', 'b', ']'],
    ['[a\\-z]', '-', 'm'],
    ['[a[]', '[', 'b'],
    ['a{2}', 'aa', 'a{2'],
    ['a{x}', 'a{x}', 'ax'],
    ['a]', 'a]', 'a'],
    ['foo\\-bar\\_\\:', 'foo-bar_:', 'foo'],
    ['\\Qa.b*\\E+', 'a.b**', 'aXb'],
    ['a\\hb', 'a\tb', 'a\nb'],
    ['\\/x', '/x', 'x'],
    ['(a)\\1', 'aa', 'ab'],
    ['a++b', 'aab', 'aa'],
    ['(?>a|ab)c', 'ac', 'abc'],
    ['a(?i)b', 'aB', 'AB'],
    ['^\\R$', '\r\n', 'a'],
    ['(?x)a b', 'ab', 'a b'],
    ['^.$', 'é', 'éa'],
  ]
  for (const [pattern, matches, not] of cases) {
    it(`reads ${pattern} as PCRE does`, () => {
      const compiled = compilePattern(pattern)
      assert.equal(compiled.test(matches), true)
      assert.equal(compiled.test(not), false)
    })
  }

  it('matches the whole text on demand, every alternative of it', () => {
    const compiled = compilePattern('a|b', { whole: true })
    assert.equal(compiled.test('a'), true)
    assert.equal(compiled.test('ax'), false)
    assert.equal(compiled.test('xb'), false)
  })

  for (const pattern of ['(', '**', '\\Gx', '(?R)', '(?(1)a)', '[a', '[[:nope:]]', '\\']) {
    it(`refuses ${pattern}`, () => {
      assert.throws(() => compilePattern(pattern), SyntaxError)
    })
  }
})
