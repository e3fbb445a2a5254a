import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failureOf } from './failure.js'

const failed = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'connect' })

describe('a connection that does not come about', () => {
  for (const code of ['ECONNREFUSED', 'EHOSTUNREACH', 'EADDRNOTAVAIL']) {
    it(`is laid to the target for ${code}`, () => {
      const { code: is, what } = failureOf(failed(code), 'connecting')
      assert.equal(is, 'UPSTREAM_REFUSED')
      assert.equal(what, `refused the connection (${code})`)
    })
  }

  for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']) {
    it(`is a fault of the gateway for ${code}`, () => {
      const { code: is, what } = failureOf(failed(code), 'connecting')
      assert.equal(is, 'INTERNAL')
      assert.equal(what, `was not asked: no socket is left for it (${code})`)
    })
  }

  it('in time is a time-out', () => {
    assert.equal(failureOf(failed('ETIMEDOUT'), 'connecting').code, 'UPSTREAM_CONNECT_TIMEOUT')
  })
})

describe('a connection that breaks', () => {
  it('is laid to the target, whatever the reason', () => {
    assert.equal(failureOf(failed('ECONNRESET'), 'open').code, 'UPSTREAM_RESET')
    assert.equal(failureOf(failed('ENOBUFS'), 'open').code, 'UPSTREAM_RESET')
  })
})
