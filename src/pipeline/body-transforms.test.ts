import assert from 'node:assert/strict'
import { PassThrough, Transform, type TransformCallback } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createGunzip, createGzip, gunzipSync } from 'node:zlib'
import { waitFor } from '../../test/support/wait.js'
import { BodyTransforms, type TransformOwner } from './body-transforms.js'

class Client implements TransformOwner {
  readonly pieces: Buffer[] = []
  readonly faults: string[] = []
  takes = true
  isEnded = false
  ready = 0

  get text(): string {
    return Buffer.concat(this.pieces).toString()
  }
  onTransformed(piece: Buffer): boolean {
    this.pieces.push(piece)
    return this.takes
  }
  onTransformEnd(): void {
    this.isEnded = true
  }
  onTransformReady(): void {
    this.ready++
  }
  onTransformFailure(plugin: string, cause: unknown): void {
    this.faults.push(`${plugin}: ${String(cause)}`)
  }
}

/** Keeps what it has been given until it is flushed or ended. */
class Holding extends Transform {
  readonly #held: Buffer[] = []

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held.push(chunk)
    done()
  }
  override _flush(done: TransformCallback): void {
    this.flush()
    done()
  }
  flush(): void {
    const held = Buffer.concat(this.#held.splice(0))
    if (held.length > 0) this.push(held)
  }
}

function begun(client: Client, ...streams: readonly Transform[]): BodyTransforms {
  const transforms = new BodyTransforms(client)
  for (const stream of streams) transforms.add(stream, 'some')
  transforms.begin()
  return transforms
}

describe('the body of an answer that goes through streams', () => {
  it('comes out whole, with its end behind it', async () => {
    const client = new Client()
    const transforms = begun(client, createGzip())
    transforms.write(Buffer.from('a'.repeat(1000)), false)
    transforms.write(Buffer.from('b'), false)
    transforms.write(null, true)
    await waitFor('the end', () => client.isEnded)
    assert.equal(gunzipSync(Buffer.concat(client.pieces)).toString(), `${'a'.repeat(1000)}b`)
  })

  it('goes through several in the order in which they came', async () => {
    const client = new Client()
    const transforms = begun(client, createGzip(), createGunzip())
    transforms.write(Buffer.from('abc'), true)
    await waitFor('the end', () => client.isEnded)
    assert.equal(client.text, 'abc')
  })

  it('is copied, as a piece of a target is valid only for now', async () => {
    const client = new Client()
    const transforms = begun(client, new PassThrough())
    const piece = Buffer.from('abc')
    transforms.write(piece, true)
    piece.fill('x')
    await waitFor('the end', () => client.isEnded)
    assert.equal(client.text, 'abc')
  })

  it('is not held back while nothing follows, by any of the streams', async () => {
    const client = new Client()
    const transforms = begun(client, new Holding(), new Holding())
    transforms.write(Buffer.from('abc'), false)
    await waitFor('the piece', () => client.text === 'abc')
    assert.equal(client.isEnded, false)
    transforms.drop()
  })

  it('waits for a client that does not keep up, and holds the target back', async () => {
    const client = new Client()
    client.takes = false
    const stream = new PassThrough({ highWaterMark: 10 })
    const transforms = begun(client, stream)
    let written = 0
    while (written < 100 && transforms.write(Buffer.from('0123456789'), false)) {
      written++
      await turn()
    }
    assert.ok(written < 5, `${written} pieces were taken`)
    assert.equal(client.pieces.length, 1)
    client.takes = true
    transforms.resume()
    await waitFor('the target to be asked for more', () => client.ready > 0)
    transforms.drop()
  })

  it('waits through several streams', async () => {
    const client = new Client()
    client.takes = false
    const streams = [1, 2].map(() => new PassThrough({ highWaterMark: 10 }))
    const transforms = begun(client, ...streams)
    let written = 0
    while (written < 100 && transforms.write(Buffer.from('0123456789'), false)) {
      written++
      await turn()
    }
    assert.ok(written < 10, `${written} pieces were taken`)
    client.takes = true
    transforms.resume()
    await waitFor('the target to be asked for more', () => client.ready > 0)
    transforms.write(null, true)
    await waitFor('the end', () => client.isEnded)
    assert.equal(client.text.length, (written + 1) * 10)
  })

  it('ends with the stream that fails, and says whose it is', async () => {
    const client = new Client()
    const transforms = begun(client, createGunzip())
    transforms.write(Buffer.from('no gzip'), false)
    await waitFor('the fault', () => client.faults.length > 0)
    assert.match(client.faults.join(), /^some: Error: incorrect header check$/)
    transforms.drop()
  })

  it('fails with a stream that is closed before its end, gives objects, or throws', async () => {
    const broken: readonly (readonly [Transform, fault: RegExp])[] = [
      [new Transform({ transform: (_chunk, _encoding, done) => done(null, 'text') }), /^$/],
      [
        new Transform({
          readableObjectMode: true,
          transform: (_chunk, _encoding, done) => done(null, {}),
        }),
        /^some: TypeError: a stream gave what is no Buffer$/,
      ],
      [
        new Transform({
          transform() {
            this.destroy()
          },
        }),
        /^some: Error: a stream was closed before its end$/,
      ],
      [
        new Transform({
          transform() {
            throw new Error('trouble')
          },
        }),
        /^some: Error: trouble$/,
      ],
    ]
    for (const [stream, fault] of broken) {
      const client = new Client()
      const transforms = begun(client, stream)
      transforms.write(Buffer.from('abc'), true)
      await waitFor('an end', () => client.isEnded || client.faults.length > 0)
      assert.match(client.faults.join(), fault)
      transforms.drop()
    }
  })

  it('is forgotten when the request is over: streams are destroyed, and nobody hears of them', async () => {
    const client = new Client()
    const stream = createGzip()
    const transforms = begun(client, stream)
    transforms.write(Buffer.alloc(100_000), false)
    transforms.drop()
    assert.equal(stream.destroyed, true)
    await waitFor('the stream to be closed', () => stream.closed)
    assert.deepEqual([client.pieces, client.isEnded, client.faults], [[], false, []])
  })

  it('may be dropped before the head has left', () => {
    const client = new Client()
    const stream = new PassThrough()
    const transforms = new BodyTransforms(client)
    transforms.add(stream, 'some')
    transforms.drop()
    assert.equal(stream.destroyed, true)
  })
})
