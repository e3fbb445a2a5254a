import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsBetween } from '../../../test/support/diff.js'

/** What a change of the configuration of a plugin on one route loosens and tightens. */
function shifts(plugin: string, old: string, now: string): string[] {
  const file = (config: string) =>
    `routes: [{name: r, paths: [/], plugins: [{name: ${plugin}, config: ${config}}]}]`
  return findingsBetween(file(old), file(now)).map((text) =>
    text.replace(/^\w+ plugin-(\w+): .* is \1: /, '$1 '),
  )
}

const CASES: readonly (readonly [plugin: string, loose: string, strict: string, text: string])[] = [
  ['acl', '{allow: [a, b]}', '{allow: [a]}', 'allow [a, b] -> [a]'],
  ['acl', '{deny: [a]}', '{deny: [a, b]}', 'deny [a] -> [a, b]'],
  [
    'ip-restriction',
    '{allow: [10.0.0.0/8]}',
    '{allow: [10.1.0.0/16, 10.2.3.4]}',
    'allow [10.0.0.0/8] -> [10.1.0.0/16, 10.2.3.4]',
  ],
  [
    'ip-restriction',
    '{allow: ["2001:db8::/32"]}',
    '{allow: ["2001:db8:1::/48"]}',
    'allow [2001:db8::/32] -> [2001:db8:1::/48]',
  ],
  [
    'ip-restriction',
    '{deny: [10.1.0.0/16]}',
    '{deny: [10.0.0.0/8]}',
    'deny [10.1.0.0/16] -> [10.0.0.0/8]',
  ],
  ['bot-detection', '{allow: [a]}', '{}', 'allow [a] -> []'],
  ['bot-detection', '{}', '{deny: [a]}', 'deny [] -> [a]'],
  ['cors', '{origins: ["*"]}', '{origins: ["https://a.test"]}', 'origins [*] -> [https://a.test]'],
  ['cors', '{}', '{origins: ["https://a.test"]}', 'origins not set -> [https://a.test]'],
  [
    'cors',
    '{origins: [a.test], credentials: true}',
    '{origins: [a.test]}',
    'credentials true -> false',
  ],
  ['key-auth', '{}', '{hide_credentials: true}', 'hide_credentials false -> true'],
  ['key-auth', '{run_on_preflight: false}', '{}', 'run_on_preflight false -> true'],
  ['jwt', '{}', '{hide_credentials: true}', 'hide_credentials not set -> true'],
  ['jwt', '{}', '{claims_to_verify: [exp]}', 'claims_to_verify not set -> [exp]'],
  [
    'jwt',
    '{claims_to_verify: [exp]}',
    '{claims_to_verify: [exp], maximum_expiration: 9}',
    'maximum_expiration 0 -> 9',
  ],
  ['hmac-auth', '{clock_skew: 600}', '{}', 'clock_skew 600 -> 300'],
  ['hmac-auth', '{}', '{enforce_headers: [date]}', 'enforce_headers [] -> [date]'],
  [
    'oauth2',
    '{enable_client_credentials: true, pkce: none}',
    '{enable_client_credentials: true, pkce: strict}',
    'pkce none -> strict',
  ],
  [
    'ldap-auth',
    '{ldap_host: l.test, base_dn: x, attribute: cn}',
    '{ldap_host: l.test, base_dn: x, attribute: cn, start_tls: true}',
    'ldaps "plain text" -> TLS',
  ],
  ['session', '{cookie_secure: false}', '{}', 'cookie_secure false -> true'],
  ['rate-limiting', '{minute: 5}', '{minute: 5, hour: 9}', 'hour not set -> 9'],
  [
    'rate-limiting',
    '{minute: 5}',
    '{minute: 5, fault_tolerant: false}',
    'fault_tolerant true -> false',
  ],
  [
    'response-ratelimiting',
    '{limits: {video: {minute: 5}}}',
    '{limits: {video: {minute: 4}}}',
    'limits.video.minute 5 -> 4',
  ],
  [
    'response-ratelimiting',
    '{limits: {a: {minute: 5}}}',
    '{limits: {a: {minute: 5}, b.c: {day: 4}}}',
    'limits.b.c.day not set -> 4',
  ],
  [
    'request-size-limiting',
    '{allowed_payload_size: 1}',
    '{allowed_payload_size: 1000, size_unit: kilobytes}',
    'allowed_payload_size "1 megabytes" -> "1000 kilobytes"',
  ],
  [
    'request-size-limiting',
    '{}',
    '{require_content_length: true}',
    'require_content_length false -> true',
  ],
]

describe('configuration', () => {
  for (const [plugin, loose, strict, text] of CASES) {
    it(`of ${plugin} tightens: ${text}`, () => {
      assert.deepEqual(shifts(plugin, loose, strict), [`tightened ${text}`])
    })
    it(`of ${plugin} loosens the other way round: ${text}`, () => {
      const [field = '', change = ''] = text.split(/ (.*)/s)
      const [before, after] = change.split(' -> ')
      assert.deepEqual(shifts(plugin, strict, loose), [
        `loosened ${field} ${after ?? ''} -> ${before ?? ''}`,
      ])
    })
  }

  it('may loosen in one field and tighten in another', () => {
    assert.deepEqual(shifts('rate-limiting', '{minute: 5, hour: 9}', '{minute: 6, hour: 8}'), [
      'loosened minute 5 -> 6',
      'tightened hour 9 -> 8',
    ])
    assert.deepEqual(shifts('acl', '{allow: [a]}', '{deny: [b]}'), [
      'loosened allow [a] -> not set',
      'tightened deny not set -> [b]',
    ])
  })

  it('is neither when the same is said in other words', () => {
    const same = ['{allowed_payload_size: 2}', '{allowed_payload_size: 2048, size_unit: kilobytes}']
    assert.deepEqual(shifts('request-size-limiting', same[0] ?? '', same[1] ?? ''), [])
    assert.deepEqual(shifts('cors', '{origins: ["*"]}', '{origins: ["*", a.test]}'), [])
    assert.deepEqual(
      shifts('ip-restriction', '{allow: [10.0.0.0/8]}', '{allow: [10.0.0.0/8, 10.1.1.1]}'),
      [],
    )
  })
})
