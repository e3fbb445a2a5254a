import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readProxyHeader } from './proxy-protocol.js'

function v1(text: string): ReturnType<typeof readProxyHeader> {
  return readProxyHeader(Buffer.from(text, 'latin1'))
}

/** A header of version 2 with those addresses, ports and whatever else. */
function v2(command: number, family: number, payload: readonly number[]): Buffer {
  const head = Buffer.from('\r\n\r\n\0\r\nQUIT\n\0\0\0\0', 'latin1')
  head[12] = command
  head[13] = family
  head.writeUInt16BE(payload.length, 14)
  return Buffer.concat([head, Buffer.from(payload)])
}

const IPV4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x1f, 0x90, 0, 80]
const PORTS = [0x1f, 0x90, 0, 80]
const IPV6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]

describe('readProxyHeader', () => {
  it('reads version 1, and where it ends', () => {
    const line = 'PROXY TCP4 192.0.2.1 198.51.100.2 8080 80\r\n'
    assert.deepEqual(v1(`${line}GET / HTTP/1.1\r\n`), { bytes: line.length, address: '192.0.2.1' })
  })

  it('writes IPv6 in its short form', () => {
    const header = v1('PROXY TCP6 2001:DB8:0:0:0:0:0:1 ::1 8080 80\r\n')
    assert.deepEqual(header, { bytes: 45, address: '2001:db8::1' })
  })

  it('names nobody for UNKNOWN', () => {
    for (const line of ['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff::1 ::1 1 2\r\n']) {
      assert.deepEqual(v1(line), { bytes: line.length, address: '' })
    }
  })

  it('reads version 2 over IPv4 and IPv6, with more behind the addresses', () => {
    const over4 = v2(0x21, 0x11, [...IPV4, 3, 0, 4, 1, 2, 3, 4])
    assert.deepEqual(readProxyHeader(over4), { bytes: 35, address: '192.0.2.1' })
    const over6 = v2(0x21, 0x21, [...IPV6, ...IPV6, ...PORTS])
    assert.deepEqual(readProxyHeader(over6), { bytes: 52, address: '2001:db8::1' })
  })

  it('names nobody for connections of the proxy itself and for other families', () => {
    assert.deepEqual(readProxyHeader(v2(0x20, 0x11, IPV4)), { bytes: 28, address: '' })
    assert.deepEqual(readProxyHeader(v2(0x21, 0x00, [])), { bytes: 16, address: '' })
    assert.deepEqual(readProxyHeader(v2(0x21, 0x31, Array<number>(216).fill(1))), {
      bytes: 232,
      address: '',
    })
  })

  it('waits for the rest wherever a header is cut', () => {
    const headers = [
      Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 8080 80\r\n'),
      v2(0x21, 0x11, [...IPV4, 1]),
    ]
    for (const header of headers) {
      for (let length = 0; length < header.length; length++) {
        assert.equal(readProxyHeader(header.subarray(0, length)), 'incomplete')
      }
    }
  })

  for (const [what, bytes] of Object.entries({
    'a request': Buffer.from('GET / HTTP/1.1\r\n'),
    'a line that does not end': Buffer.from(`PROXY TCP4 ${'1'.repeat(120)}`),
    'a line that ends in a line feed alone': Buffer.from('PROXY UNKNOWN\n'),
    'addresses of the other family': Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n'),
    'an address that is none': Buffer.from('PROXY TCP4 192.0.2.256 192.0.2.1 1 2\r\n'),
    'a port that is none': Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.1 1 65536\r\n'),
    'another version': v2(0x11, 0x11, IPV4),
    'another command': v2(0x22, 0x11, IPV4),
    'fewer bytes than its addresses have': v2(0x21, 0x21, IPV4),
    'more bytes than anybody needs': v2(0x21, 0x11, Array<number>(5000).fill(0)),
  })) {
    it(`refuses ${what}`, () => {
      assert.equal(readProxyHeader(bytes), 'invalid')
    })
  }
})
