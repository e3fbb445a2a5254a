import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { createSecureContext } from 'node:tls'
import { makeSelfSigned } from './self-signed.js'

const NOW = Date.UTC(2026, 10, 22, 8, 30)

describe('a self-signed certificate', () => {
  const { cert, key } = makeSelfSigned(NOW)
  const certificate = new X509Certificate(cert)

  it('is signed by its own key, and belongs to it', () => {
    assert.ok(certificate.verify(certificate.publicKey))
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)))
    assert.ok(certificate.checkIssued(certificate))
    createSecureContext({ cert, key })
  })

  it("has Kong's subject but for the organisation", () => {
    const subject = 'C=US\nST=California\nL=San Francisco\nO=gw\nOU=IT Department\nCN=localhost'
    assert.equal(certificate.subject, subject)
    assert.equal(certificate.issuer, subject)
  })

  it('is for servers, and for localhost', () => {
    assert.equal(certificate.subjectAltName, 'DNS:localhost')
    assert.equal(certificate.checkHost('localhost'), 'localhost')
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'])
    assert.equal(certificate.ca, false)
  })

  for (const [now, from, to] of [
    [NOW, 'Nov 22 07:30:00 2026 GMT', 'Nov 17 08:30:00 2046 GMT'],
    [Date.UTC(2040, 0, 1), 'Dec 31 23:00:00 2039 GMT', 'Dec 27 00:00:00 2059 GMT'],
    [Date.UTC(2055, 0, 1), 'Dec 31 23:00:00 2054 GMT', 'Dec 27 00:00:00 2074 GMT'],
  ] as const) {
    it(`made in ${new Date(now).getUTCFullYear()} lasts for twenty years`, () => {
      const made = new X509Certificate(makeSelfSigned(now).cert)
      assert.equal(made.validFrom, from)
      assert.equal(made.validTo, to)
    })
  }

  it('has a serial number of its own', () => {
    const other = new X509Certificate(makeSelfSigned(NOW).cert)
    assert.notEqual(other.serialNumber, certificate.serialNumber)
    assert.match(certificate.serialNumber, /^[4-7][0-9A-F]{31}$/)
  })
})
