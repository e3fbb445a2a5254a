// Writes past the stream, against real sockets: what is not taken at once, what comes behind it, and peers that are gone.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { DirectWriter } from '../../../src/util/http1/direct-write.js'

const open: { destroy(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.destroy()
})

/** Two ends of one connection; the second reads nothing before it is told to. */
async function pair(): Promise<{ writing: Socket; reading: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const writing = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [reading] = (await once(server, 'connection')) as [Socket]
  server.close()
  if (writing.connecting) await once(writing, 'connect')
  open.push(writing, reading)
  writing.on('error', () => undefined)
  reading.on('error', () => undefined)
  return { writing, reading }
}

function collect(reading: Socket): () => string {
  const chunks: Buffer[] = []
  reading.on('data', (chunk: Buffer) => chunks.push(chunk))
  reading.resume()
  return () => Buffer.concat(chunks).toString('latin1')
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

for (const isDirect of [true, false]) {
  describe(isDirect ? 'a direct writer' : 'a direct writer that may not be one', () => {
    it('writes text in its encoding, and bytes', async () => {
      const { writing, reading } = await pair()
      const received = collect(reading)
      const writer = new DirectWriter(writing, isDirect)
      assert.equal(writer.write('a\xe9', 'latin1'), true)
      assert.equal(writer.write('b\u00e9', 'utf8'), true)
      assert.equal(writer.writeBytes(Buffer.from('c')), isDirect)
      writer.write('d'.repeat(100_000), 'latin1')
      await until(() => received().length >= 100_006)
      assert.equal(received(), `a\xe9b\xc3\xa9c${'d'.repeat(100_000)}`)
    })

    it('keeps the order when a reader does not keep up', async () => {
      const { writing, reading } = await pair()
      const writer = new DirectWriter(writing, isDirect)
      let sent = ''
      let isKeepingUp = true
      for (let i = 0; sent.length < 40_000_000 && isKeepingUp; i++) {
        const text = `${i}.`.padEnd(10_000, 'x')
        sent += text
        isKeepingUp = writer.write(text, 'latin1')
      }
      assert.equal(isKeepingUp, false)
      for (const text of ['behind ', 'it ']) {
        sent += text
        assert.equal(
          writer.write(text, 'latin1'),
          writing.writableLength < writing.writableHighWaterMark,
        )
      }
      sent += 'all'
      const done = new Promise((resolve) => writing.write('all', resolve))
      const received = collect(reading)
      await done
      assert.equal(writer.isFlying, false)
      await until(() => received().length >= sent.length)
      assert.ok(received() === sent)
    })

    it('keeps bytes that were not taken until they are', async () => {
      const { writing, reading } = await pair()
      const writer = new DirectWriter(writing, isDirect)
      let total = 0
      for (let isOurs = true; isOurs; total++) {
        const bytes = Buffer.alloc(10_000, 'x')
        isOurs = writer.writeBytes(bytes)
        if (isOurs) bytes.fill('y')
      }
      const received = collect(reading)
      await until(() => received().length >= total * 10_000)
      assert.ok(!received().includes('y'))
    })

    it('closes the socket with an error when the other end is gone', async () => {
      const { writing, reading } = await pair()
      const writer = new DirectWriter(writing, isDirect)
      reading.resetAndDestroy()
      const failed = once(writing, 'error') as Promise<[NodeJS.ErrnoException]>
      const timer = setInterval(() => writer.write('x', 'latin1'), 2)
      const [error] = await failed
      clearInterval(timer)
      assert.match(error.code ?? '', /^(?:EPIPE|ECONNRESET)$/)
      if (!writing.closed) await once(writing, 'close')
    })

    it('writes nothing to a socket that is destroyed', async () => {
      const { writing } = await pair()
      const writer = new DirectWriter(writing, isDirect)
      writing.destroy()
      writer.write('x', 'latin1')
      writer.writeBytes(Buffer.from('x'))
      await once(writing, 'close')
      assert.equal(writing.bytesWritten, 0)
    })
  })
}
