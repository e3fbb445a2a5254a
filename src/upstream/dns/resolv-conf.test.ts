import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseResolvConf, parseServer } from './resolv-conf.js'

const EMPTY = {
  servers: [{ ip: '127.0.0.1', port: 53 }],
  search: [],
  ndots: 1,
  timeoutMs: 2000,
  attempts: 5,
  rotate: false,
}

describe('the resolver file', () => {
  it('that is empty means a resolver on this machine, and the defaults of Kong', () => {
    assert.deepEqual(parseResolvConf('', {}), EMPTY)
  })

  it('names resolvers, domains and options', () => {
    const text = [
      '# made by somebody',
      'nameserver 10.0.0.2 ; first',
      'nameserver fe80::1%eth0',
      'nameserver nonsense',
      'search NS.svc.cluster.local. cluster.local .',
      'options ndots:5 timeout:1 attempts:2 rotate single-request',
    ].join('\n')
    assert.deepEqual(parseResolvConf(text, {}), {
      servers: [
        { ip: '10.0.0.2', port: 53 },
        { ip: 'fe80::1%eth0', port: 53 },
      ],
      search: ['ns.svc.cluster.local', 'cluster.local'],
      ndots: 5,
      timeoutMs: 1000,
      attempts: 2,
      rotate: true,
    })
  })

  it('counts three resolvers and six domains, as the C library does', () => {
    const text = `${'nameserver 10.0.0.1\n'.repeat(5)}search a b c d e f g h\n`
    const { servers, search } = parseResolvConf(text, {})
    assert.deepEqual([servers.length, search.length], [3, 6])
  })

  it('is read for domain as for search; the last line counts', () => {
    assert.deepEqual(parseResolvConf('search a b\ndomain c d\n', {}).search, ['c'])
    assert.deepEqual(parseResolvConf('domain c\nsearch a b\n', {}).search, ['a', 'b'])
  })

  it('bounds its options, and leaves out what is no number', () => {
    const text = 'options ndots:99 timeout:999999 attempts:1000\noptions ndots:x timeout:-1\n'
    const { ndots, timeoutMs, attempts } = parseResolvConf(text, {})
    assert.deepEqual([ndots, timeoutMs, attempts], [15, 30_000, 5])
    const least = parseResolvConf('options timeout:0 attempts:0', {})
    assert.deepEqual([least.timeoutMs, least.attempts], [2000, 1])
  })

  it('gives way to LOCALDOMAIN and RES_OPTIONS', () => {
    const environment = { LOCALDOMAIN: 'x.test y.test', RES_OPTIONS: 'ndots:3 rotate' }
    const rules = parseResolvConf('search a\noptions ndots:5 timeout:3\n', environment)
    assert.deepEqual(rules, {
      ...EMPTY,
      search: ['x.test', 'y.test'],
      ndots: 3,
      timeoutMs: 3000,
      rotate: true,
    })
  })
})

describe('the address of a resolver', () => {
  for (const [text, ip, port] of [
    ['10.0.0.1', '10.0.0.1', 53],
    ['10.0.0.1:8600', '10.0.0.1', 8600],
    ['::1', '::1', 53],
    ['[::1]', '::1', 53],
    ['[2001:db8::1]:5353', '2001:db8::1', 5353],
  ] as const) {
    it(`may be ${text}`, () => {
      assert.deepEqual(parseServer(text), { ip, port })
    })
  }

  for (const text of ['', 'dns.test', '10.0.0.1:0', '10.0.0.1:70000', '10.0.0', '[::1', '::1:x']) {
    it(`may not be '${text}'`, () => {
      assert.equal(parseServer(text), null)
    })
  }
})
