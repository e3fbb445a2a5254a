import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cellsOf, graphemes, visible } from './terminal-text.js'

describe('text for a terminal', () => {
  it('shows what a terminal would obey, in one byte or two', () => {
    assert.equal(visible('\x1b[31m\x07\x00\x7f\u009b2J'), '\\x1b[31m\\x07\\x00\\x7f\\x9b2J')
  })

  it('shows line breaks, but for those that are kept', () => {
    assert.equal(visible('a\r\nb\tc\u2028'), 'a\\r\\nb\\tc\\u{2028}')
    assert.equal(visible('a\r\nb\tc', '\n\t'), 'a\\r\nb\tc')
  })

  it('shows what hides or reorders, and halves of pairs', () => {
    assert.equal(
      visible('a\u202eb\u2066\u200b\ufeff\ud83d'),
      'a\\u{202e}b\\u{2066}\\u{200b}\\u{feff}\\u{d83d}',
    )
  })

  it('leaves letters, emoji and joiners alone', () => {
    const text = 'ü 名前 👩‍👩‍👧 نامه‌ای e\u0301'
    assert.equal(visible(text), text)
  })
})

describe('cells', () => {
  for (const [text, cells] of [
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['名前', 4],
    ['한글', 4],
    ['カナ', 4],
    ['ｶﾅ', 2],
    ['Ａ', 2],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['❤', 1],
    ['🇩🇪', 2],
    ['…', 1],
  ] as const) {
    it(`are ${cells} for ${text}`, () => {
      const total = graphemes(text).reduce((sum, grapheme) => sum + cellsOf(grapheme), 0)
      assert.equal(total, cells)
    })
  }
})
