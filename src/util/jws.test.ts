import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { CompactSign, type JWTHeaderParameters } from 'jose'
import { joseVectors, type JoseVector } from '../../test/support/jose-vectors.js'
import {
  importPublicKey,
  importSecret,
  isJwsAlgorithm,
  isSymmetric,
  publicKeyFault,
  verifyJws,
  type JwsAlgorithm,
} from './jws.js'

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function keyOf({ algorithm, key }: JoseVector): KeyObject | null {
  return isSymmetric(algorithm)
    ? importSecret(Buffer.from(key.k ?? '', 'base64url'))
    : importPublicKey(algorithm, pemOf(createPublicKey({ key, format: 'jwk' })))
}

function rsa(modulusLength: number) {
  return generateKeyPairSync('rsa', { modulusLength })
}

function ec(namedCurve: string) {
  return generateKeyPairSync('ec', { namedCurve })
}

const pairs = {
  rsa: rsa(2048),
  short: rsa(1024),
  pss: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  p256: ec('P-256'),
  p384: ec('P-384'),
  p521: ec('P-521'),
  koblitz: ec('secp256k1'),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
  x25519: generateKeyPairSync('x25519'),
}

const FITTING: Readonly<Record<string, readonly (keyof typeof pairs)[]>> = {
  RS256: ['rsa'],
  RS384: ['rsa'],
  RS512: ['rsa'],
  PS256: ['rsa', 'pss'],
  PS384: ['rsa', 'pss'],
  PS512: ['rsa', 'pss'],
  ES256: ['p256'],
  ES384: ['p384'],
  ES512: ['p521'],
  EdDSA: ['ed25519', 'ed448'],
}

describe('the published examples', () => {
  for (const vector of joseVectors) {
    const { title, algorithm, header, payload, signature } = vector
    it(`of ${title} are right, and no other text is (${algorithm})`, () => {
      const key = keyOf(vector) ?? assert.fail('no key')
      const bytes = Buffer.from(signature, 'base64url')
      const signed = `${header}.${payload}`
      assert.equal(verifyJws(algorithm, key, signed, bytes), true)
      assert.equal(verifyJws(algorithm, key, `${signed}A`, bytes), false)
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const wrong = Buffer.from(bytes)
        wrong[at] = (wrong[at] ?? 0) ^ 1
        assert.equal(verifyJws(algorithm, key, signed, wrong), false)
      }
    })
  }
})

describe('signatures of another library', () => {
  const signed = (algorithm: string, key: KeyObject): Promise<string> => {
    const header: JWTHeaderParameters = { alg: algorithm }
    return new CompactSign(Buffer.from('{"iss":"k"}')).setProtectedHeader(header).sign(key)
  }
  const split = (token: string): readonly [signed: string, signature: Buffer] => {
    const end = token.lastIndexOf('.')
    return [token.slice(0, end), Buffer.from(token.slice(end + 1), 'base64url')]
  }

  for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
    it(`are verified: ${algorithm}`, async () => {
      const key = importSecret(Buffer.alloc(64, 'k')) ?? assert.fail('no key')
      const [text, signature] = split(await signed(algorithm, key))
      assert.equal(verifyJws(algorithm, key, text, signature), true)
      assert.equal(verifyJws(algorithm, key, text, signature.subarray(1)), false)
      assert.equal(verifyJws(algorithm, key, text, Buffer.alloc(0)), false)
    })
  }

  for (const [algorithm, [name]] of Object.entries(FITTING)) {
    it(`are verified: ${algorithm}`, async () => {
      if (!isJwsAlgorithm(algorithm) || name === undefined) assert.fail(algorithm)
      const { privateKey, publicKey } = pairs[name]
      const [text, signature] = split(await signed(algorithm, privateKey))
      assert.equal(verifyJws(algorithm, publicKey, text, signature), true)
      assert.equal(verifyJws(algorithm, publicKey, `${text}x`, signature), false)
      for (const length of [0, 1, signature.length - 1]) {
        assert.equal(verifyJws(algorithm, publicKey, text, signature.subarray(0, length)), false)
      }
      const longer = Buffer.concat([signature, Buffer.alloc(1)])
      assert.equal(verifyJws(algorithm, publicKey, text, longer), false)
    })
  }

  it('are verified with Ed448, too, which that library does not have', () => {
    const { privateKey, publicKey } = pairs.ed448
    const signature = sign(null, Buffer.from('a.b'), privateKey)
    assert.equal(verifyJws('EdDSA', publicKey, 'a.b', signature), true)
    assert.equal(verifyJws('EdDSA', publicKey, 'a.c', signature), false)
  })
})

describe('a signature that proves nothing', () => {
  for (const [algorithm, name] of [
    ['ES256', 'p256'],
    ['ES384', 'p384'],
    ['ES512', 'p521'],
  ] as const) {
    it(`is refused: ${algorithm} with r and s of 0, or of the order of the curve`, () => {
      const { publicKey } = pairs[name]
      const bytes = { p256: 64, p384: 96, p521: 132 }[name]
      for (const fill of [0, 0xff]) {
        assert.equal(verifyJws(algorithm, publicKey, 'a.b', Buffer.alloc(bytes, fill)), false)
      }
      assert.equal(verifyJws(algorithm, publicKey, 'a.b', Buffer.alloc(0)), false)
    })
  }

  it('is refused: DER where r and s stand side by side', () => {
    const { privateKey, publicKey } = pairs.p256
    const der = sign('sha256', Buffer.from('a.b'), privateKey)
    assert.equal(verifyJws('ES256', publicKey, 'a.b', der), false)
  })

  it('is refused: RSA with an older padding than PS256 asks for, and the other way round', () => {
    const { privateKey, publicKey } = pairs.rsa
    const plain = sign('sha256', Buffer.from('a.b'), privateKey)
    assert.equal(verifyJws('RS256', publicKey, 'a.b', plain), true)
    assert.equal(verifyJws('PS256', publicKey, 'a.b', plain), false)
    assert.equal(verifyJws('RS512', publicKey, 'a.b', plain), false)
  })

  it('is refused: zeros for RSA and EdDSA', () => {
    assert.equal(verifyJws('RS256', pairs.rsa.publicKey, 'a.b', Buffer.alloc(256)), false)
    assert.equal(verifyJws('PS256', pairs.rsa.publicKey, 'a.b', Buffer.alloc(256)), false)
    assert.equal(verifyJws('EdDSA', pairs.ed25519.publicKey, 'a.b', Buffer.alloc(64)), false)
  })
})

describe('a public key', () => {
  it('is imported for the algorithms that it fits alone', () => {
    for (const [algorithm, fitting] of Object.entries(FITTING)) {
      for (const [name, { publicKey }] of Object.entries(pairs)) {
        const isFitting = (fitting as readonly string[]).includes(name)
        const imported = importPublicKey(algorithm as JwsAlgorithm, pemOf(publicKey))
        assert.equal(imported !== null, isFitting, `${algorithm} ${name}`)
      }
    }
  })

  it('that does not fit is explained', () => {
    const { short, p256, koblitz, rsa: good, x25519 } = pairs
    for (const [algorithm, { publicKey }, fault] of [
      ['RS256', short, 'the RSA key has 1024 bits; 2048 are the least that is safe'],
      ['RS256', p256, 'RS256 needs an RSA key, not one of type ec'],
      ['ES256', koblitz, 'ES256 needs a key on the curve P-256, not secp256k1'],
      ['ES512', good, 'ES512 needs a key on the curve P-521, not one of type rsa'],
      ['EdDSA', x25519, 'EdDSA needs an Ed25519 or Ed448 key, not one of type x25519'],
      ['HS256', good, 'HS256 has a secret, not a public key'],
      ['PS256', good, null],
    ] as const) {
      assert.equal(publicKeyFault(algorithm, publicKey), fault)
    }
  })

  it('that is none is not imported', () => {
    for (const pem of ['', 'hunter2', null, undefined, 5]) {
      assert.equal(importPublicKey('RS256', pem), null)
    }
  })
})

describe('isJwsAlgorithm', () => {
  it('knows 13 names, in their one spelling', () => {
    for (const name of ['none', 'None', 'NONE', 'nOnE', '', 'hs256', 'ES256K', 'HS1', 'toString']) {
      assert.equal(isJwsAlgorithm(name), false, name)
    }
    assert.equal(isJwsAlgorithm(null), false)
    assert.equal(isJwsAlgorithm(['HS256']), false)
    assert.equal(isJwsAlgorithm('HS256'), true)
  })

  it('has no use for an empty secret', () => {
    assert.equal(importSecret(Buffer.alloc(0)), null)
  })
})
