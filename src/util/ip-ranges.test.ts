import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { IpRanges } from './ip-ranges.js'

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

describe('ranges of addresses', () => {
  const cases: readonly (readonly [entry: string, inside: string[], outside: string[]])[] = [
    ['127.0.0.1', ['127.0.0.1'], ['127.0.0.0', '127.0.0.2', '::1']],
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0']],
    ['198.51.100.0/25', ['198.51.100.127'], ['198.51.100.128', '198.51.99.255']],
    ['10.1.2.3/8', ['10.200.0.1'], ['11.1.2.3']],
    ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::', '::ffff:1.2.3.4', 'a.test', '']],
    ['255.255.255.255/32', ['255.255.255.255'], ['255.255.255.254']],
    ['::/0', ['::', 'ffff::', '::ffff:1.2.3.4', 'fe80::1%eth0'], ['1.2.3.4']],
    ['2001:db8::/32', ['2001:DB8:0:0::2', '2001:db8:ffff::'], ['2001:db9::', '2001:db7:ffff::']],
    ['2001:db8::/33', ['2001:db8:7fff::'], ['2001:db8:8000::']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1', '0::0001', '::0.0.0.1'], ['::', '::2', '1::']],
    ['1::', ['1::', '1:0:0:0:0:0:0:0'], ['::1', '1::1']],
    ['1:2:3:4:5:6:7:8', ['1:2:3:4:5:6:0.7.0.8'], ['1:2:3:4:5:6:7:9']],
    ['::ffff:1.2.3.4', ['::ffff:102:304', '::FFFF:1.2.3.4'], ['1.2.3.4']],
  ]
  for (const [entry, inside, outside] of cases) {
    it(`${entry} holds ${inside.join(' and ')}, and not ${outside.join(' or ')}`, () => {
      const ranges = new IpRanges([entry])
      for (const address of inside) assert.equal(ranges.has(address), true, address)
      for (const address of outside) assert.equal(ranges.has(address), false, address)
    })
  }

  it('may lie in one another, touch, and come in any order', () => {
    const ranges = new IpRanges(['10.1.0.0/16', '9.0.0.1', '10.0.0.0/8', '10.1.2.3', '11.0.0.0'])
    for (const inside of ['9.0.0.1', '10.0.0.0', '10.1.2.4', '10.255.255.255', '11.0.0.0']) {
      assert.equal(ranges.has(inside), true, inside)
    }
    for (const outside of ['9.0.0.0', '9.0.0.2', '11.0.0.1']) {
      assert.equal(ranges.has(outside), false, outside)
    }
  })

  it('hold nothing when there are none', () => {
    assert.equal(new IpRanges([]).has('127.0.0.1'), false)
  })

  it('hold what the ranges of Node hold', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.0.0.0', '10.0.0.1', '2001:db8::', '2001:db8::1', '::'),
    )
    const entry = fc.tuple(address, fc.nat(128)).map(([text, bits]) => {
      return { text, bits: family(text) === 'ipv4' ? bits % 33 : bits }
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), address, (entries, asked) => {
        const list = new BlockList()
        // Node takes a mapped address for one of IPv4.
        const isSame = (text: string) => family(text) === family(asked)
        for (const { text, bits } of entries.filter((one) => isSame(one.text))) {
          list.addSubnet(text, bits, family(text))
        }
        const ours = new IpRanges(entries.map(({ text, bits }) => `${text}/${bits}`))
        assert.equal(ours.has(asked), list.check(asked, family(asked)))
      }),
      { numRuns: 1000, seed: 1 },
    )
  })

  for (const entry of ['a.test', '1.2.3.4/33', '::/129', '1.2.3.4/', '1.2.3.4/x', '']) {
    it(`'${entry}' is none`, () => {
      assert.throws(() => new IpRanges([entry]), TypeError)
    })
  }
})
