import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileLinearPattern, compilePattern } from './pcre.js'

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

describe('a pattern for texts of clients', () => {
  const RUNNING_AWAY = ['(a+)+$', '^(a|aa)+$', '(?:x+x+)+y', '^(\\w+\\s?)*$']
  for (const pattern of RUNNING_AWAY) {
    it(`${pattern} takes no longer than its text asks for`, () => {
      const matcher = compileLinearPattern(pattern)
      assert.equal(matcher.test(`${'a'.repeat(20_000)}!`), false)
    })
  }

  it('is matched anywhere, by characters, and as PCRE means it', () => {
    assert.equal(compileLinearPattern('b').test('abc'), true)
    assert.equal(compileLinearPattern('^b').test('abc'), false)
    assert.equal(compileLinearPattern('^b|c').test('abc'), true)
    assert.equal(compileLinearPattern('^.$').test('\u{1f600}'), true)
    assert.equal(compileLinearPattern('^a$').test('a\n'), true)
    assert.equal(compileLinearPattern('^(?=.*[A-Z])(?!.*bad).{4,8}$').test('Abad'), false)
    assert.equal(compileLinearPattern('^(?=[a-z]*\\d)\\w{2,4}$').test('ab1'), true)
  })

  const REFUSED: readonly (readonly [pattern: string, fault: RegExp])[] = [
    ['(?=a*a*b)c', /its time would grow faster/],
    ['^(?:[a-z]{1,1000}){1,100}$', /its time would grow faster/],
    ['(a', /missing closing parenthesis/],
  ]
  for (const [pattern, fault] of REFUSED) {
    it(`${pattern} is refused`, () => {
      assert.throws(() => compileLinearPattern(pattern), { name: 'SyntaxError', message: fault })
    })
  }
})
