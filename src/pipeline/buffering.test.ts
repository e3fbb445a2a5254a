import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeRoute } from '../../test/support/fake-entities.js'
import { requestBufferBytes } from './buffering.js'

function bytes(
  requests: boolean,
  fields: { readonly request_buffering?: boolean; readonly response_buffering?: boolean } = {},
): number {
  return requestBufferBytes(fakeRoute({ id: 'r', ...fields }), { requests, requestBytes: 7 })
}

describe('what is kept of a request', () => {
  it('is as much as the settings say', () => {
    assert.equal(bytes(true), 7)
  })

  it('is nothing where the route has it off', () => {
    assert.equal(bytes(true, { request_buffering: false }), 0)
  })

  it('is nothing where the directive has it off', () => {
    assert.equal(bytes(false), 0)
  })

  it('is something, whatever the directive says, where the route turns off the other alone', () => {
    assert.equal(bytes(false, { response_buffering: false }), 7)
  })
})
