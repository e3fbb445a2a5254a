import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestBody, type BodyOwner } from './request-body.js'
import { Ticker } from './ticker.js'
import type { UwsResponse } from './native.js'

const MEBIBYTE = 1024 * 1024

/** A body whose client cannot be held back; counts how often it is found to be a flood. */
function flooded(): { body: RequestBody; floods: () => number } {
  let floods = 0
  const owner: BodyOwner = {
    onBodyFault: (code) => assert.fail(code),
    onBodyFlood: () => floods++,
    onBodyPaused: () => undefined,
  }
  const res = { pause: () => undefined, resume: () => undefined } as unknown as UwsResponse
  return {
    body: new RequestBody(res, owner, new Ticker(60_000), 1, Infinity),
    floods: () => floods,
  }
}

describe('a body that comes although its socket is paused', () => {
  it('is held while it is small enough, and handed over whole', () => {
    const { body, floods } = flooded()
    for (let i = 0; i < 60; i++) body.onData(new ArrayBuffer(MEBIBYTE), i === 59)
    assert.equal(floods(), 0)
    let bytes = 0
    body.read({ onBodyChunk: (chunk) => (bytes += chunk.length) })
    assert.equal(bytes, 60 * MEBIBYTE)
  })

  it('is given up once 64 MB are held that nobody has taken', () => {
    const { body, floods } = flooded()
    for (let i = 0; i < 64; i++) body.onData(new ArrayBuffer(MEBIBYTE), false)
    assert.equal(floods(), 0)
    body.onData(new ArrayBuffer(MEBIBYTE), false)
    assert.equal(floods(), 1)
    body.drop()
  })

  it('is no flood when its reader takes it', () => {
    const { body, floods } = flooded()
    body.read({ onBodyChunk: () => undefined })
    for (let i = 0; i < 200; i++) body.onData(new ArrayBuffer(MEBIBYTE), false)
    assert.equal(floods(), 0)
    body.drop()
  })
})
