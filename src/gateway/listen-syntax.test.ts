import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseListen, parsePortMaps } from './listen-syntax.js'

describe('an entry of proxy_listen', () => {
  it('leaves the engine to the settings', () => {
    const [entry] = parseListen('proxy_listen', '0.0.0.0:8000 reuseport backlog=16384')
    assert.equal(entry?.engine, null)
    assert.equal(entry.proxyProtocol, false)
    assert.deepEqual(entry.ignored, ['reuseport', 'backlog=16384'])
  })

  it('names an engine, each entry its own', () => {
    const value = '0.0.0.0:8000 engine=uws, 0.0.0.0:8443 ssl engine=http1 http2'
    const entries = parseListen('proxy_listen', value)
    assert.deepEqual(
      entries.map(({ engine, ssl }) => [engine, ssl]),
      [
        ['uws', false],
        ['http1', true],
      ],
    )
  })

  it('takes http1 by itself when it asks for proxy_protocol', () => {
    for (const flags of ['proxy_protocol', 'engine=http1 ssl proxy_protocol']) {
      const [entry] = parseListen('proxy_listen', `0.0.0.0:8000 ${flags}`)
      assert.equal(entry?.engine, 'http1')
      assert.equal(entry.proxyProtocol, true)
    }
  })

  it('cannot have proxy_protocol on uws, and is told the way out', () => {
    assert.throws(() => parseListen('proxy_listen', '0.0.0.0:8000 proxy_protocol engine=uws'), {
      message: /does not take proxy_protocol: write engine=http1, or leave engine out/,
    })
  })

  for (const flags of ['engine=nginx', 'engine=', 'engine=uws engine=http1']) {
    it(`refuses ${flags}`, () => {
      assert.throws(() => parseListen('proxy_listen', `0.0.0.0:8000 ${flags}`), {
        message: /must be one of engine=uws, engine=http1/,
      })
    })
  }

  it('refuses a flag that nobody knows', () => {
    assert.throws(() => parseListen('proxy_listen', '0.0.0.0:8000 engine fast'), {
      message: /'engine fast' of '0\.0\.0\.0:8000 engine fast' is not supported/,
    })
  })
})

describe('an entry of admin_listen or status_listen', () => {
  for (const name of ['admin_listen', 'status_listen']) {
    it(`(${name}) cannot choose an engine`, () => {
      assert.throws(() => parseListen(name, '0.0.0.0:8001 engine=http1'), {
        message: new RegExp(`^${name}: 'engine=http1' of .* is for proxy_listen alone$`),
      })
    })

    it(`(${name}) may have proxy_protocol, as in Kong`, () => {
      const [entry] = parseListen(name, '0.0.0.0:8001 proxy_protocol')
      assert.equal(entry?.proxyProtocol, true)
    })
  }
})

describe('port_maps', () => {
  it('tells the public port of one that is listened on', () => {
    const maps = parsePortMaps('80:8000, 443:8443')
    assert.deepEqual(
      [...maps],
      [
        [8000, 80],
        [8443, 443],
      ],
    )
    assert.equal(parsePortMaps('').size, 0)
  })

  for (const entry of ['80', '80:', '0:8000', '80:65536', '80:8000:9000', 'a:b']) {
    it(`refuses ${entry}`, () => {
      assert.throws(() => parsePortMaps(entry), {
        message: `invalid port mapping '${entry}': write PUBLIC:LISTENING, such as 443:8443`,
      })
    })
  }
})
