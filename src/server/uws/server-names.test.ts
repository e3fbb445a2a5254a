import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Certificate } from '../certificates/certificate.js'
import { DEFAULT_HANDSHAKE } from '../certificates/handshake.js'
import { makeSelfSigned } from '../certificates/self-signed.js'
import type { CertificateSet } from '../certificates/store.js'
import { knownNames } from './server-names.js'

function make(): Certificate {
  return new Certificate([makeSelfSigned(Date.now())], DEFAULT_HANDSHAKE)
}

const [fallback, one, two] = [make(), make(), make()]

/** What is known under each pattern, by the names that the certificates have here. */
function known(
  byName: Readonly<Record<string, Certificate>>,
  routeNames: readonly string[] = [],
): Record<string, string> {
  const set: CertificateSet = { fallback, byName: new Map(Object.entries(byName)), routeNames }
  const titles = new Map([
    [fallback, 'default'],
    [one, 'one'],
    [two, 'two'],
  ])
  return Object.fromEntries(
    knownNames(set).map(({ pattern, certificate, serverName }) => {
      const title = titles.get(certificate) ?? ''
      return [pattern, serverName === pattern ? title : `${title} as '${serverName}'`]
    }),
  )
}

describe('names that uWebSockets.js is told', () => {
  it('are those of certificates, and those that routes ask for', () => {
    assert.deepEqual(known({ 'a.test': one, '*.b.test': two }, ['r.test', 'x.b.test']), {
      'a.test': 'one',
      '*.b.test': 'two',
      'r.test': 'default',
      'x.b.test': 'two',
    })
  })

  it('have the one where two wildcards meet written out', () => {
    assert.deepEqual(known({ '*.b.test': one, 'a.b.*': two, 'a.c.*': two, 'z.*': two }), {
      '*.b.test': 'one',
      'a.b.*': 'two',
      'a.c.*': 'two',
      'z.*': 'two',
      'a.b.test': 'one',
    })
  })

  it('are every number of labels for the SNI *', () => {
    const all = known({ '*': one, 'a.test': two })
    assert.equal(all['a.test'], 'two')
    assert.equal(all['*'], "one as ''")
    assert.equal(all['*.*.*'], "one as ''")
    assert.equal(Object.keys(all).length, 11)
  })

  it('have no wildcard for one of two labels, for which Kong does not look', () => {
    assert.deepEqual(known({ '*.test': one }), {})
  })

  it('have no more labels than the library looks at', () => {
    assert.deepEqual(known({ [`${'a.'.repeat(10)}test`]: one }), {})
  })
})
