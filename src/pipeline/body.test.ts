import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BodyReader, BodySource } from '../model/exchange.js'
import { HeldBody } from './body.js'

/** A client whose pieces come when the test says. */
class Client implements BodySource {
  readonly bodyLength = -1
  isPaused = false
  reader: BodyReader | null = null

  readBody(reader: BodyReader): void {
    this.reader = reader
    this.isPaused = false
  }
  pauseBody(): void {
    this.isPaused = true
  }
  resumeBody(): void {
    this.isPaused = false
  }
  send(text: string, last = false): void {
    this.reader?.onBodyChunk(Buffer.from(text), last)
  }
}

function hold(enoughBytes: number) {
  const client = new Client()
  const outcomes: (string | null)[] = []
  const body = new HeldBody(client, enoughBytes, (whole) =>
    outcomes.push(whole?.toString() ?? null),
  )
  body.hold()
  return { client, body, outcomes }
}

/** What a reader of it is given, the last piece marked. */
function read(body: BodySource): string[] {
  const given: string[] = []
  body.readBody({
    onBodyChunk: (chunk, last) => given.push(`${chunk.toString()}${last ? '.' : ''}`),
  })
  return given
}

describe('HeldBody', () => {
  it('gives the body when all of it has come', () => {
    const { client, outcomes } = hold(10)
    client.send('ab')
    assert.deepEqual(outcomes, [])
    client.send('cd', true)
    assert.deepEqual(outcomes, ['abcd'])
    assert.equal(client.isPaused, false)
  })

  it('gives an empty body', () => {
    const { client, outcomes } = hold(10)
    client.send('', true)
    assert.deepEqual(outcomes, [''])
  })

  it('holds the client back when enough has come, and says so once', () => {
    const { client, outcomes } = hold(4)
    client.send('abcd')
    client.send('under way')
    assert.deepEqual(outcomes, [null])
    assert.equal(client.isPaused, true)
  })

  it('is the whole body for the next reader', () => {
    const { client, body } = hold(4)
    client.send('ab')
    client.send('cd')
    const given = read(body)
    client.send('ef', true)
    assert.deepEqual(given, ['ab', 'cd', 'ef.'])
    assert.equal(client.isPaused, false)
  })

  it('ends for the next reader when its end was under way', () => {
    const { client, body } = hold(2)
    client.send('ab')
    client.send('', true)
    assert.deepEqual(read(body), ['ab.'])
  })

  it('stays paused for a reader that pauses at what was held', () => {
    const { client, body } = hold(2)
    client.send('ab')
    body.readBody({ onBodyChunk: () => body.pauseBody() })
    assert.equal(client.isPaused, true)
    body.resumeBody()
    assert.equal(client.isPaused, false)
  })
})
