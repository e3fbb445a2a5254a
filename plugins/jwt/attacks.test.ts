// What forgers try: each of these has worked against some library.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import {
  asymmetricToken,
  ecKeys,
  edKeys,
  encoded,
  hmacToken,
  rsaKeys,
} from '../../test/support/signed-tokens.js'
import jwt from './index.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice' })
const keys = { RS256: rsaKeys(), PS256: rsaKeys(), ES256: ecKeys('P-256'), EdDSA: edKeys() }
const credentials = [
  fakeCredential(alice, { id: 'hs', key: 'k', secret: 's1', algorithm: 'HS256' }),
  ...Object.entries(keys).map(([algorithm, { pem }]) =>
    // Every credential has a secret, a made-up one if the file has none.
    fakeCredential(alice, {
      ...{ id: algorithm, key: algorithm, secret: 'made up', algorithm, rsa_public_key: pem },
    }),
  ),
]
const store = fakeStore({ consumers: [alice], credentials: { jwt_secrets: credentials } })

/** The message of the refusal; null for a token that passes. */
function outcome(token: string, config: object = {}): unknown {
  const ctx = fakeContext({ store, headers: [['Authorization', `Bearer ${token}`]] })
  void jwt.access?.(ctx, prepared(jwt, config))
  assert.equal(ctx.consumer === null, ctx.answer !== null)
  if (ctx.answer === null) return null
  assert.equal(ctx.answer.status, 401)
  return (ctx.answer.body as { message?: unknown }).message
}

const CLAIMS = { iss: 'k' }
const GOOD = hmacToken(CLAIMS, 's1')
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = GOOD.split('.')

describe('a token without a signature', () => {
  for (const alg of [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    '',
    'null',
    null,
    0,
    true,
    ['none'],
    {},
  ]) {
    it(`is refused: alg ${JSON.stringify(alg)}`, () => {
      for (const signature of ['', SIGNATURE]) {
        const token = `${encoded({ alg, typ: 'JWT' })}.${PAYLOAD}.${signature}`
        assert.equal(outcome(token), 'Bad token; invalid alg')
      }
    })
  }

  it('is refused: alg missing, inherited, or of another header', () => {
    for (const header of [
      '{}',
      '{"Alg":"HS256"}',
      '{"__proto__":{"alg":"HS256"}}',
      '[]',
      'null',
      '5',
    ]) {
      assert.equal(outcome(`${encoded(header)}.${PAYLOAD}.`), 'Bad token; invalid alg')
    }
  })

  it('is refused: an empty signature, for each algorithm', () => {
    for (const algorithm of ['HS256', ...Object.keys(keys)]) {
      const iss = algorithm === 'HS256' ? 'k' : algorithm
      const token = `${encoded({ alg: algorithm })}.${encoded({ iss })}.`
      assert.equal(outcome(token), 'Invalid signature', algorithm)
    }
  })
})

describe('a token that chooses its algorithm', () => {
  it('is refused: the public key as the secret of an HMAC', () => {
    for (const [algorithm, { pem }] of Object.entries(keys)) {
      for (const secret of [pem, pem.trim(), `${pem}\n`, 'made up']) {
        for (const alg of ['HS256', 'HS384', 'HS512']) {
          const token = hmacToken({ iss: algorithm }, secret, { alg })
          assert.equal(outcome(token), 'Invalid algorithm', `${algorithm} ${alg}`)
        }
      }
    }
  })

  it('is refused: another algorithm of the same key', () => {
    const { privateKey } = keys.RS256
    assert.equal(outcome(asymmetricToken({ iss: 'RS256' }, 'RS256', privateKey)), null)
    for (const other of ['RS512', 'PS256']) {
      assert.equal(
        outcome(asymmetricToken({ iss: 'RS256' }, other, privateKey)),
        'Invalid algorithm',
      )
    }
  })

  it('is refused: a key that it brings along', () => {
    const { privateKey } = rsaKeys()
    const header = {
      alg: 'RS256',
      jwk: { kty: 'RSA' },
      jku: 'http://evil.test',
      x5u: 'x',
      x5c: ['x'],
    }
    assert.equal(
      outcome(asymmetricToken({ iss: 'RS256' }, 'RS256', privateKey, header)),
      'Invalid signature',
    )
  })

  it('is refused: r and s of 0', () => {
    const signature = Buffer.alloc(64).toString('base64url')
    const token = `${encoded({ alg: 'ES256' })}.${encoded({ iss: 'ES256' })}.${signature}`
    assert.equal(outcome(token), 'Invalid signature')
  })
})

describe('the name of a key', () => {
  const names = [
    '../../../../dev/null',
    '/etc/passwd',
    "' OR '1'='1",
    "k'; DROP TABLE jwt_secrets; --",
    'k\0',
    'k ',
    'K',
    '__proto__',
    'constructor',
    'x'.repeat(100_000),
  ]
  it('is looked up as it is, and leads nowhere else', () => {
    for (const kid of names) {
      const token = hmacToken({}, '', { alg: 'HS256', kid })
      const expected = "No credentials found for given 'kid'"
      assert.equal(outcome(token, { key_claim_name: 'kid' }), expected, kid.slice(0, 40))
    }
  })

  it('is refused when it is no text', () => {
    for (const kid of [['k'], { toString: 'k' }, 5, true, null]) {
      const token = hmacToken({ kid }, 's1')
      assert.equal(outcome(token, { key_claim_name: 'kid' }), "Invalid 'kid' in claims")
    }
  })

  it('is missing where every object has something of that name', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const expected = `No mandatory '${name}' in claims`
      assert.equal(outcome(GOOD, { key_claim_name: name }), expected)
    }
  })
})

describe('JSON that two parsers may read differently', () => {
  it('counts the last of two members, as Kong does', () => {
    assert.equal(outcome(hmacToken('{"iss":"x","iss":"k"}', 's1')), null)
    const wrong = "No credentials found for given 'iss'"
    assert.equal(outcome(hmacToken('{"iss":"k","iss":"x"}', 's1')), wrong)
    const header = '{"alg":"HS256","alg":"none"}'
    assert.equal(outcome(hmacToken(CLAIMS, 's1', header)), 'Bad token; invalid alg')
    const twice = '{"alg":"none","alg":"HS256"}'
    assert.equal(outcome(`${encoded(twice)}.${PAYLOAD}.`), 'Invalid signature')
  })

  it('is refused when it is no JSON, or no UTF-8', () => {
    const texts = [
      "{'iss':'k'}",
      '{"iss":"k",}',
      '{"iss":"k"}x',
      '\uFEFF{"iss":"k"}',
      '{"iss":NaN}',
      '',
    ]
    for (const text of texts) {
      assert.equal(outcome(hmacToken(text, 's1')), 'Bad token; invalid JSON', text)
    }
    const bytes = Buffer.from('7b22697373223a22ff227d', 'hex').toString('base64url')
    assert.equal(outcome(`${HEADER}.${bytes}.${SIGNATURE}`), 'Bad token; invalid JSON')
  })

  it('is read to the end however deep it is, without harm', () => {
    const deep = `{"iss":"k","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    assert.equal(outcome(hmacToken(deep, 's1')), null)
    assert.equal(outcome(hmacToken('['.repeat(100_000), 's1')), 'Bad token; invalid JSON')
  })
})

describe('a header that asks for more', () => {
  it('does not get it: crit changes nothing, as in Kong', () => {
    assert.equal(outcome(hmacToken(CLAIMS, 's1', { alg: 'HS256', crit: ['x'] })), null)
    const wrong = hmacToken(CLAIMS, 's2', { alg: 'HS256', crit: ['alg'] })
    assert.equal(outcome(wrong), 'Invalid signature')
  })

  it('does not get it: claims that are not in base64 (RFC 7797)', () => {
    const header = encoded({ alg: 'HS256', b64: false, crit: ['b64'] })
    assert.equal(outcome(`${header}.{"iss":"k"}.${SIGNATURE}`), 'Bad token; invalid JSON')
  })

  it('does not get it: an encrypted or compressed token', () => {
    assert.equal(
      outcome(`${encoded({ alg: 'dir', enc: 'A128GCM' })}..a.b.c`),
      'Bad token; invalid JSON',
    )
    assert.equal(
      outcome(hmacToken(CLAIMS, 's2', { alg: 'HS256', zip: 'DEF' })),
      'Invalid signature',
    )
  })
})

describe('base64url', () => {
  it('is taken in its one right form, so that a token has one text', () => {
    assert.equal(outcome(GOOD), null)
    const last = SIGNATURE.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The lowest two bits of the last digit of 32 bytes mean nothing.
    const twin = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
    const forms = [
      `${SIGNATURE.slice(0, -1)}${twin}`,
      `${SIGNATURE}==`,
      `${SIGNATURE}.`,
      ` ${SIGNATURE}`,
      `${SIGNATURE.slice(0, 9)}\t${SIGNATURE.slice(9)}`,
      '!!!',
    ]
    for (const form of forms) {
      assert.equal(outcome(`${HEADER}.${PAYLOAD}.${form}`), 'Bad token; invalid signature', form)
    }
  })

  it('is not decoded twice', () => {
    const twice = `${encoded(HEADER)}.${encoded(PAYLOAD)}.${SIGNATURE}`
    assert.equal(outcome(twice), 'Bad token; invalid JSON')
    assert.equal(outcome(encoded(GOOD)), 'Bad token; invalid JSON')
  })
})

describe('a huge token', () => {
  it('is verified like any other, and refused like any other', () => {
    const token = hmacToken({ ...CLAIMS, a: 'x'.repeat(200_000) }, 's1')
    assert.equal(outcome(token), null)
    assert.equal(outcome(`${token.slice(0, -4)}AAAA`), 'Invalid signature')
    assert.equal(outcome('.'.repeat(200_000)), 'Bad token; invalid JSON')
    assert.equal(outcome('a'.repeat(200_000)), 'Bad token; invalid JSON')
  })
})
