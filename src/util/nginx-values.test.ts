import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseSize, parseTime } from './nginx-values.js'

describe('a size of nginx', () => {
  for (const [text, bytes] of [
    ['0', 0],
    ['1024', 1024],
    ['8k', 8192],
    ['8K', 8192],
    ['10m', 10_485_760],
    ['2G', 2_147_483_648],
  ] as const) {
    it(`reads ${text} as ${bytes} bytes`, () => assert.equal(parseSize(text), bytes))
  }

  for (const text of ['', 'k', '-1', '+1', '1.5m', '8kb', '8 k', '0x10', '1t', '9'.repeat(30)]) {
    it(`is not '${text}'`, () => assert.equal(parseSize(text), null))
  }
})

describe('a time of nginx', () => {
  for (const [text, ms] of [
    ['0', 0],
    ['75', 75_000],
    ['60s', 60_000],
    ['500ms', 500],
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['1m30', 90_000],
    ['1s500ms', 1500],
    ['1w2d', 777_600_000],
  ] as const) {
    it(`reads ${text} as ${ms} ms`, () => assert.equal(parseTime(text), ms))
  }

  for (const text of ['', 's', '-1', '1.5s', '10 s', '1s1m', '1s1s', '5S', '1y', '1M', 'soon']) {
    it(`is not '${text}'`, () => assert.equal(parseTime(text), null))
  }

  it('is not a number that cannot be counted in ms', () => {
    assert.equal(parseTime('9'.repeat(30)), null)
  })
})
