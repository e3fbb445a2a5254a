import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { statusOf } from './probe-request.js'

describe('the status line', () => {
  const rows: readonly [line: string, status: number][] = [
    ['HTTP/1.1 200 OK\r', 200],
    ['HTTP/1.0 503', 503],
    ['http/2.0  404 x', 404],
    ['HTTP/1.1 2000 OK', 0],
    ['HTTP/1.1 OK', 0],
    ['SSH-2.0-OpenSSH_9.2', 0],
    ['', 0],
  ]
  for (const [line, status] of rows) {
    it(`${JSON.stringify(line)} is ${status}`, () => assert.equal(statusOf(line), status))
  }
})
