import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TunnelEnd, TunnelListener } from '../util/http1/tunnel-end.js'
import { joinTunnel } from './tunnel.js'

/** An end that notes what it is told. */
class FakeEnd implements TunnelEnd {
  listener: TunnelListener | null = null
  readonly told: string[] = []
  isKeepingUp = true

  start(listener: TunnelListener): void {
    this.listener = listener
  }
  write(bytes: Uint8Array): boolean {
    this.told.push(Buffer.from(bytes).toString())
    return this.isKeepingUp
  }
  end(): void {
    this.told.push('end')
  }
  pause(): void {
    this.told.push('pause')
  }
  resume(): void {
    this.told.push('resume')
  }
  close(): void {
    this.told.push('close')
  }
  reset(): void {
    this.told.push('reset')
  }
}

function joined() {
  const client = new FakeEnd()
  const target = new FakeEnd()
  const counted = { sent: 0, closed: 0 }
  joinTunnel(
    client,
    target,
    (bytes) => (counted.sent += bytes),
    () => counted.closed++,
  )
  return { client, target, counted }
}

describe('a tunnel', () => {
  it('writes what the other end reads, and counts what goes to the client', () => {
    const { client, target, counted } = joined()
    client.listener?.onBytes(Buffer.from('question'))
    target.listener?.onBytes(Buffer.from('answer'))
    assert.deepEqual(target.told, ['question'])
    assert.deepEqual(client.told, ['answer'])
    assert.equal(counted.sent, 6)
  })

  it('holds back the end whose bytes the other does not take, until it does', () => {
    const { client, target } = joined()
    client.isKeepingUp = false
    target.listener?.onBytes(Buffer.from('much'))
    assert.deepEqual(target.told, ['pause'])
    client.listener?.onWritable()
    assert.deepEqual(target.told, ['pause', 'resume'])
    assert.deepEqual(client.told, ['much'])
  })

  it('passes an end on and stays open for the other direction', () => {
    const { client, target, counted } = joined()
    client.listener?.onEnd()
    assert.deepEqual(target.told, ['end'])
    target.listener?.onBytes(Buffer.from('late'))
    assert.deepEqual(client.told, ['late'])
    assert.equal(counted.closed, 0)
  })

  it('closes the other end of one that has closed, and resets that of one that was lost', () => {
    const orderly = joined()
    orderly.target.listener?.onClosed(false)
    assert.deepEqual(orderly.client.told, ['close'])
    const broken = joined()
    broken.target.listener?.onClosed(true)
    assert.deepEqual(broken.client.told, ['reset'])
    assert.equal(orderly.counted.closed + broken.counted.closed, 2)
  })
})
