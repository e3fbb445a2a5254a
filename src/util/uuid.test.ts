import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isUuid, uuidV5 } from './uuid.js'

describe('uuidV5', () => {
  it('gives the id of the RFC for a name in the DNS namespace', () => {
    // RFC 9562, A.4
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
    assert.equal(uuidV5(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })
})

describe('isUuid', () => {
  it('takes hex of either case', () => {
    assert(isUuid('2ed6657d-e927-568b-95e1-2665a8aea6a2'))
    assert(isUuid('2ED6657D-E927-568B-95E1-2665A8AEA6A2'))
  })

  for (const text of [
    '',
    '2ed6657de927568b95e12665a8aea6a2',
    '{2ed6657d-e927-568b-95e1-2665a8aea6a2}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert(!isUuid(text))
    })
  }
})
