import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JSONSchema } from '../../../schemas/types.js'
import { plaintextSecrets } from './plaintext-secret.js'

const secret = { type: 'string', referenceable: true } as const

const schema: JSONSchema = {
  type: 'object',
  properties: {
    redis: {
      type: 'object',
      properties: { password: secret, username: secret, token: { type: 'string' } },
    },
    aws_secret: secret,
    public_key: secret,
    http_endpoint: secret,
    aws_access_key_id: secret,
    jwk: secret,
    keys: { type: 'array', items: { type: 'object', properties: { secret } } },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      ...{ referenceable: true },
    },
  },
}

const pathsOf = (value: object) => plaintextSecrets(schema, value).map(({ path }) => path.join('.'))

describe('plaintext-secret', () => {
  it('warns of secrets, wherever the schema lets them be references', () => {
    assert.deepEqual(
      pathsOf({
        redis: { password: 'hunter2' },
        aws_secret: 'hunter2',
        keys: [{ secret: 'hunter2' }],
        headers: { 'x-api-key': 'hunter2', accept: 'text/plain' },
      }),
      ['redis.password', 'aws_secret', 'keys.0.secret', 'headers.x-api-key'],
    )
  })

  it('does not show them', () => {
    assert.doesNotMatch(
      JSON.stringify(plaintextSecrets(schema, { aws_secret: 'hunter2' })),
      /hunter2/,
    )
  })

  it('says nothing of references, of what another tool puts in, and of what is empty', () => {
    for (const value of [
      '{vault://env/x}',
      '${REDIS_PASSWORD}',
      '$PASSWORD',
      '{{ .Values.p }}',
      '',
    ]) {
      assert.deepEqual(pathsOf({ redis: { password: value } }), [], value)
    }
  })

  it('says nothing of fields that are no secret, or that take no reference', () => {
    assert.deepEqual(pathsOf({ redis: { username: 'u', token: 'hunter2' }, public_key: 'pem' }), [])
  })

  it('tells the private half of a key from the public one', () => {
    assert.deepEqual(pathsOf({ jwk: '{"kty":"RSA","n":"0","e":"AQAB"}' }), [])
    assert.deepEqual(pathsOf({ jwk: '{"kty":"oct","k": "c2VjcmV0"}' }), ['jwk'])
  })

  it('tells a URL with a password from one without, and a name from a secret', () => {
    assert.deepEqual(pathsOf({ http_endpoint: 'https://logs.test/in?a=b@c' }), [])
    assert.deepEqual(pathsOf({ http_endpoint: 'https://u:p@logs.test' }), ['http_endpoint'])
    assert.deepEqual(pathsOf({ aws_access_key_id: 'AKIA' }), [])
  })
})
