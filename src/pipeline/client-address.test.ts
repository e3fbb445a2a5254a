import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestHeaders } from '../util/header-list.js'
import { ClientAddresses } from './client-address.js'
import type { Exchange } from '../model/exchange.js'

function ask(
  settings: { trustedIps: string[]; realIpHeader?: string; realIpRecursive?: boolean },
  peerAddress: string,
  header: [string, string] | null,
  announcedAddress = '',
): string {
  const headers = new RequestHeaders()
  if (header !== null) headers.add(...header)
  const addresses = new ClientAddresses({
    realIpHeader: 'x-real-ip',
    realIpRecursive: false,
    ...settings,
  })
  return addresses.clientIp({ peerAddress, announcedAddress, headers } as unknown as Exchange)
}

describe("the client's address", () => {
  it("is the peer's when nobody is trusted, whatever the headers say", () => {
    assert.equal(ask({ trustedIps: [] }, '10.0.0.1', ['X-Real-IP', '9.9.9.9']), '10.0.0.1')
  })
  it("is the peer's when the peer is not trusted", () => {
    const settings = { trustedIps: ['192.168.0.0/16', '::1'] }
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', '9.9.9.9']), '10.0.0.1')
  })
  it('is what a trusted peer says', () => {
    const settings = { trustedIps: ['10.0.0.0/8'] }
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', '9.9.9.9']), '9.9.9.9')
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', '2001:db8::1']), '2001:db8::1')
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', '9.9.9.9:1234']), '9.9.9.9')
    assert.equal(ask(settings, '10.0.0.1', null), '10.0.0.1')
  })
  it('has one spelling, however the peer spells it', () => {
    const settings = { trustedIps: ['10.0.0.0/8'] }
    for (const [said, expected] of [
      ['2001:DB8:0:0::2', '2001:db8::2'],
      ['[2001:DB8::0002]:443', '2001:db8::2'],
      ['::FFFF:c0a8:101', '::ffff:192.168.1.1'],
    ] as const) {
      assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', said]), expected)
    }
  })
  it('is not believed when it has a zone', () => {
    const settings = { trustedIps: ['10.0.0.0/8'] }
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', 'fe80::1%eth0']), '10.0.0.1')
  })
  it('is not believed when it is no address', () => {
    const settings = { trustedIps: ['0.0.0.0/0', '::/0'] }
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', 'evil']), '10.0.0.1')
  })
  it('is the last of several, or with real_ip_recursive the last that is not trusted', () => {
    const header: [string, string] = ['X-Forwarded-For', '1.1.1.1, 2.2.2.2, 10.0.0.7']
    const settings = { trustedIps: ['10.0.0.0/8'], realIpHeader: 'x-forwarded-for' }
    assert.equal(ask(settings, '10.0.0.1', header), '10.0.0.7')
    assert.equal(ask({ ...settings, realIpRecursive: true }, '10.0.0.1', header), '2.2.2.2')
  })

  describe('with real_ip_header=proxy_protocol', () => {
    const settings = { trustedIps: ['10.0.0.0/8'], realIpHeader: 'proxy_protocol' }

    it('is what a trusted peer has announced', () => {
      assert.equal(ask(settings, '10.0.0.1', null, '9.9.9.9'), '9.9.9.9')
      assert.equal(ask(settings, '10.0.0.1', null, '2001:db8::1'), '2001:db8::1')
      assert.equal(
        ask({ ...settings, realIpRecursive: true }, '10.0.0.1', null, '10.0.0.7'),
        '10.0.0.7',
      )
    })
    it("is the peer's when nothing was announced", () => {
      assert.equal(ask(settings, '10.0.0.1', null), '10.0.0.1')
    })
    it("is the peer's when the peer is not trusted, or nobody is", () => {
      assert.equal(ask(settings, '192.0.2.1', null, '9.9.9.9'), '192.0.2.1')
      assert.equal(ask({ ...settings, trustedIps: [] }, '10.0.0.1', null, '9.9.9.9'), '10.0.0.1')
    })
    it('does not come from a header of that name', () => {
      assert.equal(ask(settings, '10.0.0.1', ['proxy_protocol', '9.9.9.9']), '10.0.0.1')
    })
  })

  it('is not the announced one when a header counts', () => {
    const settings = { trustedIps: ['10.0.0.0/8'] }
    assert.equal(ask(settings, '10.0.0.1', null, '9.9.9.9'), '10.0.0.1')
    assert.equal(ask(settings, '10.0.0.1', ['X-Real-IP', '8.8.8.8'], '9.9.9.9'), '8.8.8.8')
  })
})
