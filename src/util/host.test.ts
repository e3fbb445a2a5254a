import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHost } from './host.js'

describe('parseHost', () => {
  const good: readonly (readonly [string, string, string, number | null])[] = [
    ['example.com', 'name', 'example.com', null],
    ['example.com.', 'name', 'example.com.', null],
    ['a_b-c.test:8080', 'name', 'a_b-c.test', 8080],
    ['10.0.0.1:80', 'ipv4', '10.0.0.1', 80],
    ['::1', 'ipv6', '::1', null],
    ['[::1]:443', 'ipv6', '::1', 443],
  ]
  for (const [text, kind, host, port] of good) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseHost(text), { kind, host, port })
    })
  }

  for (const text of ['', 'a b', 'a..b', '.a', 'a-.b', '$HOST', '[x]:1', 'ü.test']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseHost(text), 'invalid host')
    })
  }

  for (const text of ['a:', 'a:x', 'a:65536', '10.0.0.1:99999', 'a:1:2']) {
    it(`refuses the port of ${text}`, () => {
      assert.equal(parseHost(text), 'invalid port number')
    })
  }
})
