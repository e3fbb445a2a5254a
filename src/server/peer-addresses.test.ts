import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PeerAddresses } from './peer-addresses.js'

describe('PeerAddresses', () => {
  it('gives the same text for IPv4 and for the same address mapped into IPv6', () => {
    const addresses = new PeerAddresses()
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3)
    assert.equal(addresses.textOf(Uint8Array.of(10, 1, 2, 3)), '10.1.2.3')
    assert.equal(addresses.textOf(mapped), '10.1.2.3')
  })

  it('keeps addresses apart, also when it has met more of them than it remembers', () => {
    const addresses = new PeerAddresses()
    for (let i = 0; i < 20_000; i++) {
      const text = addresses.textOf(Uint8Array.of(200, i >> 16, (i >> 8) & 0xff, i & 0xff))
      assert.equal(text, `200.${i >> 16}.${(i >> 8) & 0xff}.${i & 0xff}`)
    }
    const v6 = new Uint8Array(16)
    v6[15] = 1
    assert.equal(addresses.textOf(v6), '::1')
    assert.equal(addresses.textOf(v6.slice()), '::1')
  })

  describe('of all open connections', () => {
    const a = Uint8Array.of(10, 0, 0, 1)
    const b = Uint8Array.of(10, 0, 0, 2)

    it('are one while all come from there', () => {
      const addresses = new PeerAddresses()
      assert.equal(addresses.sole, null)
      addresses.opened(a)
      addresses.opened(a)
      addresses.closed()
      addresses.opened(a)
      assert.equal(addresses.sole, '10.0.0.1')
    })

    it('are not one any more when another comes, until all have gone', () => {
      const addresses = new PeerAddresses()
      addresses.opened(a)
      addresses.opened(b)
      assert.equal(addresses.sole, null)
      addresses.closed()
      addresses.opened(a)
      assert.equal(addresses.sole, null)
      addresses.closed()
      addresses.closed()
      addresses.opened(b)
      assert.equal(addresses.sole, '10.0.0.2')
    })

    it('are not one when an address is not known', () => {
      const addresses = new PeerAddresses()
      addresses.opened(new Uint8Array(0))
      assert.equal(addresses.sole, null)
    })
  })
})
