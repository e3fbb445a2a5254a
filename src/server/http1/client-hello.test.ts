import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { describe, it } from 'node:test'
import { connect, type ConnectionOptions } from 'node:tls'
import { serverNameIn } from './client-hello.js'

/** The first bytes that OpenSSL sends as a client. */
function helloOf(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const write = (bytes: Buffer): void => resolve(bytes)
    connect({ ...options, socket: new Duplex({ read: () => undefined, write }) })
  })
}

/** The same message in records of that many bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5)
  const parts: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    parts.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part)
  }
  return Buffer.concat(parts)
}

describe('the name in a client hello', () => {
  for (const options of [{}, { maxVersion: 'TLSv1.2' }, { ALPNProtocols: ['h2'] }] as const) {
    it(`is found with ${JSON.stringify(options)}`, async () => {
      const hello = await helloOf({ ...options, servername: 'a.test' })
      assert.equal(serverNameIn(hello), 'a.test')
    })
  }

  it('is empty without one', async () => {
    assert.equal(serverNameIn(await helloOf({})), '')
  })

  it('needs all of the message', async () => {
    const hello = await helloOf({ servername: 'a.test' })
    for (let length = 0; length < hello.length; length++) {
      assert.equal(serverNameIn(hello.subarray(0, length)), null, `${length} bytes`)
    }
  })

  it('may be spread over records, and be followed by others', async () => {
    const hello = await helloOf({ servername: 'a.test' })
    for (const size of [1, 3, 50, 200]) assert.equal(serverNameIn(inRecords(hello, size)), 'a.test')
    assert.equal(serverNameIn(Buffer.concat([hello, Buffer.from('more')])), 'a.test')
  })

  it('is not looked for in what is no handshake', () => {
    for (const text of ['GET / HTTP/1.1\r\n', 'G', '\x16\x02', '\x80\x2e\x01\x03\x01']) {
      assert.equal(serverNameIn(Buffer.from(text, 'latin1')), '', JSON.stringify(text))
    }
    // A server's hello, an empty record, and a message longer than any.
    for (const hex of ['160301000402000000', '1603010000', '160301000501ffffff00']) {
      assert.equal(serverNameIn(Buffer.from(hex, 'hex')), '', hex)
    }
  })

  it('is not waited for forever', () => {
    const endless = Buffer.alloc(40_000)
    Buffer.from('1603014000010070ff', 'hex').copy(endless)
    assert.equal(serverNameIn(endless), '')
  })

  it('is empty, or text that can be seen, whatever is wrong with the message', async () => {
    const hello = await helloOf({ servername: 'a.test', ALPNProtocols: ['http/1.1'] })
    for (let at = 0; at < hello.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const wrong = Buffer.from(hello)
        wrong[at] = value
        assert.match(serverNameIn(wrong) ?? '', /^[\x21-\x7e]*$/)
      }
    }
  })
})
