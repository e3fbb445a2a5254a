import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asHashedKey, hashKey, weakness } from './hashed-key.js'

// FIPS 180-2, appendix B.1.
const ABC = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('hashKey', () => {
  it('is sha256: and the SHA-256 of the key in hexadecimal digits', () => {
    assert.equal(hashKey('abc'), ABC)
  })
})

describe('asHashedKey', () => {
  it('hashes a key, and leaves a hash as it is', () => {
    assert.equal(asHashedKey('abc'), ABC)
    assert.equal(asHashedKey(ABC), ABC)
    assert.equal(asHashedKey(ABC.toUpperCase().replace('SHA256', 'sha256')), ABC)
  })

  it('takes nothing for a key that is meant to be a hash', () => {
    for (const text of ['sha256:', 'sha256:abc', `${ABC}0`, ABC.slice(0, -1)]) {
      assert.equal(asHashedKey(text), undefined, text)
    }
  })
})

describe('weakness', () => {
  it('finds none in random keys', () => {
    const keys = ['4f9c07e1b2d83a56c1e07f42', '8b1a9953-c461-4e3b-8f2d-3d1a2b9c7e55']
    for (const key of keys) assert.equal(weakness(key), null, key)
  })

  it('names what makes a key easy to find', () => {
    assert.equal(weakness('correct horse battery'), 'shorter than 24 characters')
    assert.equal(weakness('ababababababababababababab'), 'made of 2 different characters alone')
  })
})
