import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withinTime } from '../within-time.js'
import { emitRegex } from './regex-emit.js'
import { parseRegex } from './regex-parser.js'
import { findRunaway } from './runaway.js'

const RUNNING_AWAY = [
  '/(a+)+$',
  '/(a*)*x',
  '/(?:a|a)+x',
  '/(a|aa)+$',
  '/(?:[a-z]+\\d*)+/end',
  '/(?:\\w+\\s?)*$',
  '/([a-z]+)*\\.html',
  '/(?:/?[^/]+)*/x$',
  '/(?:.*,)*z',
  '/(?:x+x+)+y',
  '/((a+)+b)+',
  '/(?i:K|k)+z',
  '/(?:[^/]+/?){2,}end',
  '/(?:a+){12,20}$',
  '/(?:a|b|ab)*c',
  '/(?:(?:ab)+)+c',
  '/(?:a(?:b?)c?|ab)*!',
  '/(?:[a-z]{1,3})*!',
  // What has matched before the loop does not end the search.
  '/(?:(?:a|b|[ab])*?c)*',
]

const HARMLESS = [
  '/users/(?<id>[^/]+)/orders/(?<order>\\d+)$',
  // Nothing comes after the loop that could fail.
  '/(a+)+',
  '/(?:a|aa)*',
  '/(a+)+.?',
  '/(?:x(?:x)+)*.',
  '/(b*)+b',
  '/(?:a$|a)?(?:b$)*$',
  '/(?:/[^/]+)*$',
  '/(?:[a-z0-9-]+\\.)+[a-z]{2,63}$',
  '/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  '/(?:\\d{4})*$',
  '/(?:a{0,2}b)*c',
  '/(?:v1|v2)/(?:users|orders)(?:/.*)?$',
  '/(?:cat|dog|bird)+$',
  '/(?:a|b)*c',
  // Takes time by the square of the length, or the cube: slow, but no more than that.
  '/.*a.*b$',
  '/a*a*a*b',
  '/(?:\\w+\\b\\W+)*$',
  '/(?:%[0-9A-F]{2}|[\\w.~-])*$',
  '/(?:a{1,2}){3}$',
]

describe('a regular expression that runs away', () => {
  for (const source of RUNNING_AWAY) {
    it(`is found, with a text on which it does: ${source}`, () => {
      const found = findRunaway(parseRegex(source))
      assert(found !== null)
      const text = found.prefix + found.pump.repeat(300) + '\0'
      const regex = new RegExp(`^(?:${emitRegex(parseRegex(source)).source})`, 'v')
      const isDone = withinTime(40, () => regex.exec(text))
      assert.equal(isDone, false, JSON.stringify(found))
    })
  }

  it('is found only with the end of the text when it must match to there', () => {
    assert.equal(findRunaway(parseRegex('(?:[a-z]+\\.?)+')), null)
    assert.notEqual(findRunaway(parseRegex('(?:[a-z]+\\.?)+'), { whole: true }), null)
  })
})

describe('nothing is said of a regular expression', () => {
  for (const source of HARMLESS) {
    it(`that does not run away: ${source}`, () => {
      assert.equal(findRunaway(parseRegex(source)), null)
    })
  }

  it('that is too large to look through, and that soon', () => {
    const large = `/(?:${Array.from({ length: 400 }, (_, i) => `a${i}`).join('|')})*$`
    const counted = `/(?:${'(?:a?b?){30}'.repeat(20)})*$`
    assert.equal(
      withinTime(2_000, () => {
        assert.equal(findRunaway(parseRegex(large)), null)
        assert.equal(findRunaway(parseRegex(counted)), null)
        findRunaway(parseRegex(`/(?:${'[ab]?'.repeat(100)})*$`))
      }),
      true,
    )
  })
})
