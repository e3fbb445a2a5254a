import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeService } from '../../test/support/fake-entities.js'
import type { Service } from '../model/entities.js'
import { TlsTerms, type TlsTermsFields } from '../proxy/tls-terms.js'
import { TargetTerms, type TargetTls } from './target-tls.js'

const client = { cert: 'client', key: 'client key' }
const own = { cert: 'own', key: 'own key' }

const tls: TargetTls = {
  verify: true,
  depth: 1,
  authorities: ['default'],
  client,
  authoritiesById: new Map([
    ['a', 'first'],
    ['b', 'second'],
  ]),
  clientsById: new Map([['c', own]]),
}
const standard = { verify: true, depth: 1, authorities: ['default'], client }

function assertTerms(fields: Partial<Service>, expected: Partial<TlsTermsFields>): void {
  const terms = new TargetTerms(tls).of(fakeService({ id: 's', ...fields }))
  assert.equal(terms.key, new TlsTerms({ ...standard, ...expected }).key)
}

describe('the terms of TLS with a target', () => {
  it('are those of the settings for a service that says nothing', () => {
    assertTerms({}, {})
  })

  it('are what the service says, also where it says no', () => {
    assertTerms({ tls_verify: false }, { verify: false })
    assertTerms({ tls_verify_depth: 0 }, { depth: 0 })
    assertTerms({ ca_certificates: ['b', 'a'] }, { authorities: ['first', 'second'] })
    assertTerms({ client_certificate: { id: 'c' } }, { client: own })
  })

  it('do not fall back on the settings for what a service names and nobody has', () => {
    assertTerms({ ca_certificates: [] }, { authorities: [] })
    assertTerms({ ca_certificates: ['x'] }, { authorities: [] })
    assertTerms({ client_certificate: { id: 'x' } }, { client: null })
  })

  it('are the same object for services that ask for the same', () => {
    const terms = new TargetTerms(tls)
    const [a, b] = ['1', '2'].map((id) => terms.of(fakeService({ id, ca_certificates: ['a'] })))
    assert.equal(a, b)
  })

  it('are equal without verification, whoever would be trusted', () => {
    const lax = (authorities: readonly string[]): string =>
      new TlsTerms({ ...standard, verify: false, authorities }).key
    assert.equal(lax(['x']), lax([]))
  })

  it('show no key to those who write them down', () => {
    assert.doesNotMatch(JSON.stringify(new TargetTerms(tls).of(fakeService({ id: 's' }))), /client/)
  })
})
