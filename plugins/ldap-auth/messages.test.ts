import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { LdapError } from './ldap-error.js'
import { BIND_RESPONSE, EXTENDED_RESPONSE, loadCodec, type Codec } from './messages.js'

let codec: Codec
before(async () => {
  codec = await loadCodec()
})

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('a request of LDAP', () => {
  it('to bind has version 3, the name and the password (RFC 4511, 4.2)', () => {
    assert.deepEqual(
      codec.bindRequest(5, 'cn=ü', 'pw'),
      bytes('30 13 02 01 05 60 0e 02 01 03 04 05 63 6e 3d c3 bc 80 02 70 77'),
    )
  })

  it('to bind takes a long name and password', () => {
    const request = codec.bindRequest(1, 'x'.repeat(300), 'y'.repeat(70_000))
    assert.equal(request.length > 70_300, true)
    assert.equal(request.toString('latin1').endsWith('y'.repeat(70_000)), true)
  })

  it('for TLS has the name of StartTLS (RFC 4511, 4.14)', () => {
    const name = Buffer.from('1.3.6.1.4.1.1466.20037')
    assert.deepEqual(
      codec.startTlsRequest(1),
      Buffer.concat([bytes('30 1d 02 01 01 77 18 80 16'), name]),
    )
  })

  it('to end has nothing in it (RFC 4511, 4.3)', () => {
    assert.deepEqual(codec.unbindRequest(2), bytes('30 05 02 01 02 42 00'))
  })
})

describe('an answer of LDAP', () => {
  const success = '30 0c 02 01 01 61 07 0a 01 00 04 00 04 00'

  it('has an id, an operation and a result code', () => {
    const answer = { id: 1, operation: BIND_RESPONSE, resultCode: 0, bytes: 14 }
    assert.deepEqual(codec.readAnswer(bytes(success)), answer)
    const refused = bytes('30 84 00 00 00 0c 02 01 02 78 07 0a 01 31 04 00 04 00')
    const other = { id: 2, operation: EXTENDED_RESPONSE, resultCode: 49, bytes: 18 }
    assert.deepEqual(codec.readAnswer(refused), other)
  })

  it('is waited for until it is complete', () => {
    const whole = bytes(success)
    for (let length = 0; length < whole.length; length++) {
      assert.equal(codec.readAnswer(whole.subarray(0, length)), null, `${length} bytes`)
    }
  })

  it('ends where the next begins', () => {
    assert.equal(codec.readAnswer(bytes(`${success} ${success}`))?.bytes, 14)
  })

  const broken: readonly (readonly [title: string, hex: string])[] = [
    ['of another protocol', Buffer.from('HTTP/1.1 400 Bad Request').toString('hex')],
    ['with nothing in it', '30 00'],
    ['without a result', '30 05 02 01 01 61 00'],
    ['with a result code without digits', '30 0b 02 01 01 61 06 0a 00 04 00 04 00'],
    ['with something else for a result code', '30 0c 02 01 01 61 07 02 01 00 04 00 04 00'],
    ['with a result that is cut short', '30 05 02 01 01 61 07 0a 01 00 04 00 04 00'],
    ['with a result code outside of it', '30 05 02 01 01 61 03 0a 01 00'],
    ['without an id', '30 09 61 07 0a 01 00 04 00 04 00'],
    ['of indefinite length', '30 80 02 01 01 61 07 0a 01 00 04 00 04 00 00 00'],
    ['longer than any', '30 83 01 00 01 02 01 01'],
    ['with a length that overflows', '30 84 ff ff ff ff 02 01 01'],
    ['with a length of too many bytes', '30 85 01 01 01 01 01 02 01 01'],
  ]
  for (const [title, hex] of broken) {
    it(`is refused ${title}`, () => {
      assert.throws(
        () => codec.readAnswer(bytes(hex)),
        (error) => error instanceof LdapError && error.trouble === 'garbled',
      )
    })
  }
})
