import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import type { ServedCertificate } from '../../model/entities.js'
import type { KeyPair } from './certificate.js'
import { DEFAULT_HANDSHAKE } from './handshake.js'
import { makeSelfSigned } from './self-signed.js'
import { CertificateStore, type CertificateSource } from './store.js'

function makePair(): KeyPair {
  return makeSelfSigned(Date.now())
}

function served(names: readonly string[], parts: Partial<ServedCertificate> = {}) {
  const { cert, key } = makePair()
  const fixed = { id: names.join(), place: 'certificates[3]', cert_alt: null, key_alt: null }
  return { ...fixed, cert, key, names, ...parts }
}

const FALLBACK = [makePair()]

function source(...certificates: readonly ServedCertificate[]): CertificateSource {
  return { fallback: FALLBACK, certificates, routeNames: [] }
}

async function storeWith(...certificates: readonly ServedCertificate[]): Promise<CertificateStore> {
  const store = new CertificateStore(DEFAULT_HANDSHAKE)
  store.replace(await store.prepare(source(...certificates)))
  return store
}

describe('a certificate store', () => {
  const sets: readonly (readonly [names: readonly string[], asked: string, found: string])[] = [
    [['a.b.test', '*.b.test', 'a.b.*', '*'], 'a.b.test', 'a.b.test'],
    [['*.b.test', 'a.b.*', '*'], 'a.b.test', '*.b.test'],
    [['a.b.*', '*'], 'a.b.test', 'a.b.*'],
    [['x.test', '*'], 'a.b.test', '*'],
    [['x.test'], 'a.b.test', 'default'],
    [['*'], '', 'default'],
    [['*.b.test'], 'z.a.b.test', 'default'],
    [['*.b.test'], 'b.test', 'default'],
    // Kong looks for no wildcard in the place of one of two labels.
    [['*.test'], 'b.test', 'default'],
    [['b.*'], 'b.test', 'b.*'],
    [['One.Test'], 'oNE.tEST', 'One.Test'],
    [['*'], 'localhost', '*'],
    [['x.test'], '*.x.test', 'default'],
  ]
  for (const [names, asked, found] of sets) {
    it(`with ${names.join(', ')} shows ${found} to ${asked || 'nobody'}`, async () => {
      const all = names.map((name) => served([name]))
      const { cert } = all.find((one) => one.names.includes(found)) ?? FALLBACK[0] ?? assert.fail()
      const store = await storeWith(...all)
      assert.equal(store.find(asked).firstPair().cert, cert)
    })
  }

  it('keeps at a reload what is the same, and takes the rest', async () => {
    const [same, old] = [served(['same.test']), served(['old.test'])]
    const store = await storeWith(same, old)
    const before = store.find('same.test')
    let told = 0
    const forget = store.onReplace(() => told++)
    store.replace(await store.prepare(source(served(['old.test']), same)))
    assert.equal(store.find('same.test'), before)
    assert.notEqual(store.find('old.test').firstPair().cert, old.cert)
    assert.equal(told, 1)
    forget()
    store.replace(await store.prepare(source()))
    assert.equal(told, 1)
    assert.equal(store.find('same.test'), store.current.fallback)
  })

  it('tells nobody of a reload that changes nothing', async () => {
    const same = served(['same.test'])
    const store = await storeWith(same)
    store.onReplace(() => assert.fail('told'))
    store.replace(await store.prepare(source(same)))
  })

  it('serves what it has until what is prepared takes its place', async () => {
    const store = await storeWith(served(['a.test']))
    const before = store.find('a.test')
    const next = await store.prepare(source())
    assert.equal(store.find('a.test'), before)
    store.replace(next)
    assert.equal(store.find('a.test'), next.fallback)
  })

  it('refuses a pair that does not belong together, naming its fields', async () => {
    const { key } = makePair()
    const pairs: readonly (readonly [Partial<ServedCertificate>, RegExp])[] = [
      [{ key }, /certificate certificates\[3\]\.cert and key certificates\[3\]\.key do not belong/],
      [{ cert: 'x' }, /^certificates\[3\]\.cert is no certificate in PEM$/],
      [{ key: 'x' }, /^certificates\[3\]\.key is no private key/],
      [{ cert_alt: makePair().cert, key_alt: key }, /certificates\[3\]\.cert_alt and key/],
    ]
    for (const [parts, message] of pairs) {
      await assert.rejects(storeWith(served(['a.test'], parts)), { message })
    }
  })

  it('shows no key to loggers', async () => {
    const store = await storeWith(served(['a.test']))
    for (const text of [inspect(store, { depth: 9, showHidden: true }), JSON.stringify(store)]) {
      assert.doesNotMatch(text, /PRIVATE KEY/)
    }
  })
})
