import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ipText } from './ip-text.js'

function v6(...groups: number[]): Uint8Array {
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

describe('ipText', () => {
  it('writes IPv4 with dots', () => {
    assert.equal(ipText(Uint8Array.of(127, 0, 0, 1)), '127.0.0.1')
    assert.equal(ipText(Uint8Array.of(255, 255, 255, 255)), '255.255.255.255')
  })

  it('writes IPv4 that arrived mapped into IPv6 as plain IPv4', () => {
    assert.equal(ipText(v6(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201)), '192.0.2.1')
  })

  it('leaves IPv6 that only resembles a mapped address as it is', () => {
    assert.equal(ipText(v6(0, 0, 0, 0, 1, 0xffff, 0xc000, 0x0201)), '::1:ffff:c000:201')
    assert.equal(ipText(v6(0, 0, 0, 0, 0, 0xfffe, 0xc000, 0x0201)), '::fffe:c000:201')
  })

  it('drops leading zeros and writes lower case', () => {
    assert.equal(ipText(v6(0x2001, 0x0db8, 0xa, 0xb, 0xc, 0xd, 0xe, 0xff)), '2001:db8:a:b:c:d:e:ff')
  })

  it('shortens the longest run of zeros, the first one when two are as long', () => {
    assert.equal(ipText(v6(0x2001, 0, 0, 1, 0, 0, 0, 1)), '2001:0:0:1::1')
    assert.equal(ipText(v6(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)), '2001:db8::1:0:0:1')
  })

  it('does not shorten a single zero group', () => {
    assert.equal(ipText(v6(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)), '2001:db8:0:1:1:1:1:1')
  })

  it('shortens at either end', () => {
    assert.equal(ipText(v6(0, 0, 0, 0, 0, 0, 0, 1)), '::1')
    assert.equal(ipText(v6(0, 0, 0, 0, 0, 0, 0, 0)), '::')
    assert.equal(ipText(v6(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 'fe80::')
  })

  it('gives nothing for what is no address', () => {
    assert.equal(ipText(new Uint8Array(0)), '')
    assert.equal(ipText(new Uint8Array(5)), '')
  })
})
