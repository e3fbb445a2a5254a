import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BodyQueue } from './body-queue.js'

/** What a reader has been given, its last piece marked. */
class Reader {
  readonly given: string[] = []
  onGiven: () => void = () => undefined

  onBodyChunk(chunk: Buffer, last: boolean): void {
    this.given.push(`${chunk.toString()}${last ? '.' : ''}`)
    this.onGiven()
  }
}

describe('BodyQueue', () => {
  it('keeps what comes until somebody reads', () => {
    const queue = new BodyQueue()
    assert.equal(queue.push(Buffer.from('a'), false), true)
    assert.equal(queue.push(Buffer.from('bc'), true), true)
    assert.equal(queue.heldBytes, 3)
    const reader = new Reader()
    queue.read(reader)
    assert.deepEqual(reader.given, ['a', 'bc.'])
    assert.equal(queue.heldBytes, 0)
  })

  it('hands over at once to a reader who waits', () => {
    const queue = new BodyQueue()
    const reader = new Reader()
    queue.read(reader)
    assert.equal(queue.push(Buffer.from('a'), true), false)
    assert.deepEqual(reader.given, ['a.'])
  })

  it('stops within what it hands over when the reader pauses, and goes on in order', () => {
    const queue = new BodyQueue()
    const reader = new Reader()
    reader.onGiven = () => queue.pause()
    for (const text of ['a', 'b']) queue.push(Buffer.from(text), false)
    queue.read(reader)
    queue.push(Buffer.from('c'), true)
    assert.deepEqual(reader.given, ['a'])
    reader.onGiven = () => undefined
    queue.resume()
    assert.deepEqual(reader.given, ['a', 'b', 'c.'])
  })

  it('hands nothing over twice to a reader who resumes within a piece', () => {
    const queue = new BodyQueue()
    const reader = new Reader()
    reader.onGiven = () => queue.resume()
    for (const text of ['a', 'b']) queue.push(Buffer.from(text), false)
    queue.read(reader)
    assert.deepEqual(reader.given, ['a', 'b'])
  })

  it('forgets everything once dropped', () => {
    const queue = new BodyQueue()
    const reader = new Reader()
    queue.push(Buffer.from('a'), false)
    queue.drop()
    queue.push(Buffer.from('b'), true)
    queue.read(reader)
    assert.deepEqual(reader.given, [])
    assert.equal(queue.heldBytes, 0)
  })
})
