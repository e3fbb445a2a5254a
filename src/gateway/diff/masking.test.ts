import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonical, diffOf, entitiesBetween } from '../../../test/support/diff.js'
import { maskedText } from './masking.js'

const SECRET = 'hunter2'

/** Pairs of which all that differs, or stands beside it, is secret. */
const SECRETS: readonly (readonly [where: string, old: string, now: string])[] = [
  [
    'a key',
    `consumers: [{username: a, keyauth_credentials: [{key: ${SECRET}}]}]`,
    'consumers: [{username: a, keyauth_credentials: [{key: other}]}]',
  ],
  [
    'a password',
    `consumers: [{username: a, basicauth_credentials: [{username: u, password: ${SECRET}}]}]`,
    'consumers: [{username: a, basicauth_credentials: [{username: u, password: other}]}]',
  ],
  [
    'a user name that is part of a credential',
    `consumers: [{username: a, basicauth_credentials: [{username: ${SECRET}, password: x}]}]`,
    'consumers: [{username: a}]',
  ],
  [
    'a secret of a jwt',
    `consumers: [{username: a, jwt_secrets: [{key: k, secret: ${SECRET}}]}]`,
    'consumers: [{username: a, jwt_secrets: [{key: k, secret: other}]}]',
  ],
  [
    'a field that takes a reference',
    `plugins: [{name: session, config: {secret: ${SECRET}}}]`,
    'plugins: [{name: session, config: {secret: other}}]',
  ],
  [
    'a password in a record',
    `plugins: [{name: rate-limiting, config: {minute: 1, redis: {host: r.test, password: ${SECRET}}}}]`,
    'plugins: [{name: rate-limiting, config: {minute: 1, redis: {host: r.test, password: other}}}]',
  ],
  [
    'a header of a list',
    `plugins: [{name: request-transformer, config: {add: {headers: ["Authorization: ${SECRET}"]}}}]`,
    'plugins: [{name: request-transformer, config: {add: {headers: ["Authorization: x", "a: b"]}}}]',
  ],
  [
    'a header of a map',
    `plugins: [{name: http-log, config: {http_endpoint: "http://l.test", headers: {x-api-key: ${SECRET}}}}]`,
    'plugins: [{name: http-log, config: {http_endpoint: "http://l.test", headers: {x-api-key: other}}}]',
  ],
  [
    'code',
    `plugins: [{name: pre-function, config: {access: ["local a = '${SECRET}'\\nreturn a"]}}]`,
    `plugins: [{name: pre-function, config: {access: ["local a = 'x'\\nreturn a"]}}]`,
  ],
  [
    'a header that a route asks for',
    `routes: [{paths: [/], headers: {x-api-key: [${SECRET}]}}]`,
    'routes: [{paths: [/], headers: {x-api-key: [other]}}]',
  ],
]

describe('secrets', () => {
  for (const [where, old, now] of SECRETS) {
    it(`do not show, but that they change does: ${where}`, () => {
      for (const difference of [diffOf(old, now), diffOf(now, old)]) {
        assert.notEqual(difference.verdict, 'none')
        assert.doesNotMatch(JSON.stringify(difference), new RegExp(SECRET))
      }
    })
  }

  it('leave switches and what stands beside them alone', () => {
    const use = (config: string) => `plugins: [{name: key-auth, config: ${config}}]`
    assert.deepEqual(entitiesBetween(use('{hide_credentials: true}'), use('{key_names: [a]}')), [
      'changed plugin key-auth for all requests; config.hide_credentials true -> false; config.key_names ["apikey"] -> ["a"]',
    ])
  })

  it('that are made up at every start are no change until they are fixed', () => {
    const text = 'consumers: [{username: a, keyauth_credentials: [{tags: [x]}]}]'
    assert.equal(diffOf(text, text).verdict, 'none')
    // As another process would print it.
    const fixed = canonical(text).replace(/[0-9a-f]{32}/, 'drawn-once')
    const { verdict, findings } = diffOf(text, fixed)
    assert.equal(verdict, 'changed')
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['credential-fixed'],
    )
    assert.equal(diffOf(fixed, text).verdict, 'breaking')
  })
})

describe('a masked text', () => {
  it('keeps what is no secret', () => {
    for (const text of ['a', 'x-env: prod', 'http://a.test/x?y=1', '/token/x', 'a@b.test']) {
      assert.equal(maskedText(text), text)
    }
  })

  it('loses users of URLs, values of secret names, all of several lines, and what is very long', () => {
    assert.equal(maskedText('http://u:p@a.test/x'), 'http://***@a.test/x')
    assert.equal(maskedText('x-api-key:abc'), 'x-api-key:***')
    assert.equal(maskedText('a\nb'), '(text of 2 lines)')
    assert.equal(maskedText('a'.repeat(300)).length, 201)
  })
})
