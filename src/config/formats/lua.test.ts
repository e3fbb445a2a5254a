import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEXT_FORMATS } from './formats.js'

test('says whose code does not compile', () => {
  const faults = ['lua', 'pre-function-lua', 'post-function-lua'].map((format) =>
    TEXT_FORMATS.get(format)?.('x ='),
  )
  const reason = `[string "x ="]:1: unexpected symbol near '<eof>'`
  assert.deepEqual(faults, [
    `Error parsing function: ${reason}`,
    `error parsing pre-function: ${reason}`,
    `error parsing post-function: ${reason}`,
  ])
  assert.equal(TEXT_FORMATS.get('lua')?.('x = 1'), undefined)
})
