import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHosts } from './hosts-file.js'

describe('the hosts file', () => {
  it('gives every name of a line its address, without comments', () => {
    const hosts = parseHosts('# ours\r\n10.0.0.1\tDB db.test # main\r\n\r\n  10.0.0.2 cache#old\n')
    assert.deepEqual(hosts.get('db'), { A: '10.0.0.1' })
    assert.deepEqual(hosts.get('db.test'), { A: '10.0.0.1' })
    assert.deepEqual(hosts.get('cache'), { A: '10.0.0.2' })
    assert.equal(hosts.size, 4) // and localhost
  })

  it('takes the first address of each family', () => {
    const hosts = parseHosts('10.0.0.1 a\n2001:db8::1 a\n10.0.0.2 a\n2001:db8::2 a\n')
    assert.deepEqual(hosts.get('a'), { A: '10.0.0.1', AAAA: '2001:db8::1' })
  })

  it('leaves out lines that begin with no address', () => {
    assert.equal(parseHosts('999.0.0.1 a\nnonsense\n10.0.0.1\n').size, 1)
  })

  it('always knows localhost, as it is written there or else as the loopback addresses', () => {
    assert.deepEqual(parseHosts('').get('localhost'), { A: '127.0.0.1', AAAA: '::1' })
    assert.deepEqual(parseHosts('127.0.0.2 localhost').get('localhost'), { A: '127.0.0.2' })
  })
})
