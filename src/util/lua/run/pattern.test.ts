import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PatternMatcher } from './pattern.js'

/** Subject, pattern, the captures of the first match. */
const CASES: readonly (readonly [string, string, readonly (string | number)[] | undefined])[] = [
  ['key = value', '^(%w+)%s*=%s*(%w+)$', ['key', 'value']],
  ['key = value', '^value', undefined],
  ['f(a(b)c)d', '%b()', ['(a(b)c)']],
  ['f(a', '%b()', undefined],
  ['THE (quick) fox', '%f[%a]%a+%f[%A]', ['THE']],
  ['"it"', '(["\'])(.-)%1', ['"', 'it']],
  ['a.b', 'a%.b', ['a.b']],
  ['axb', 'a%.b', undefined],
  ['aaa', 'a-', ['']],
  ['aaab', '^a-b', ['aaab']],
  ['abc', 'ab?c?d?', ['abc']],
  ['ac', 'ab?c', ['ac']],
  ['2026-11-22', '(%d+)-(%d+)-(%d+)', ['2026', '11', '22']],
  ['x-y', '[a-z%-]+', ['x-y']],
  ['x]y', '[]]', [']']],
  ['abc', '[^a-b]', ['c']],
  ['\xc3\xa9', '%a', undefined],
  ['a$', 'a$$', ['a$']],
  ['abc', '()b()', [2, 3]],
  ['a\0b', '%c', ['\0']],
  ['xyz', '%Z', ['x']],
]

describe('a Lua pattern', () => {
  for (const [subject, pattern, captures] of CASES) {
    it(`${pattern} finds ${captures?.join(', ') ?? 'nothing'} in ${subject}`, () => {
      assert.deepEqual(new PatternMatcher(subject, pattern).find(0)?.captures, captures)
    })
  }

  it('is refused when it is none', () => {
    for (const pattern of ['(', ')', '%1', '%b', '%f', '[', '%', '(()', '()'.repeat(33)]) {
      assert.throws(() => new PatternMatcher('abc', pattern).find(0), { name: 'LuaError' }, pattern)
    }
  })

  it('gives up on work without end, and within its stack', () => {
    const subject = 'a'.repeat(5000)
    for (const pattern of [
      `${'a*'.repeat(20)}b`,
      `${'.-'.repeat(8)}b`,
      '(a?)'.repeat(32) + 'a-b',
    ]) {
      const started = performance.now()
      assert.throws(() => new PatternMatcher(subject, pattern).find(0), {
        name: 'LuaError',
        message: 'pattern takes too long',
      })
      assert.ok(performance.now() - started < 5000)
    }
    assert.throws(() => new PatternMatcher(subject, 'a?'.repeat(300)).find(0), {
      message: 'pattern too complex',
    })
  })
})
