import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../../plugins/index.js'
import { plannedPlugins } from '../../../plugins/planned.js'
import { encoded, hmacToken } from '../../../test/support/signed-tokens.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { checkConfig } from '../load.js'
import { readSettings } from '../settings.js'
import { timeText } from './checks.js'
import { debugToken } from './debug.js'
import { JWT_FORMATS } from './formats.js'
import { exitCodeOf, type TokenReport } from './report.js'

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)
const NOW = 1_700_000_000
const SECRET = 'hunter2-hunter2'

const FILE = `_format_version: "3.0"
services:
- name: s
  url: http://s.test
  routes:
  - name: strict
    paths: [/strict]
    plugins: [{name: jwt, config: {claims_to_verify: [exp, nbf], maximum_expiration: 300}}]
  - name: lax
    paths: [/lax]
    plugins: [{name: jwt, config: {anonymous: guest, secret_is_base64: true}}]
  - name: open
    paths: [/open]
consumers:
- {username: guest}
- username: alice
  jwt_secrets:
  - {key: k, secret: ${SECRET}}
  - {key: e, algorithm: ES256}
`

function debugged(token: string, route?: string, text = FILE): TokenReport {
  const config = checkConfig(text, 'kong.yml', plugins, readSettings({}))
  return debugToken(token, { file: 'kong.yml', config, plugins, route, nowMs: NOW * 1000 })
}

/** The failed checks of the only use that is shown. */
function faultsOf(report: TokenReport): string[] {
  const checks = report.uses[0]?.checks ?? []
  return checks
    .filter(({ isRight }) => isRight === false)
    .map(({ name, text }) => `${name}: ${text}`)
}

describe('gw jwt debug', () => {
  it('says of a good token whose it is, and with which credential of the file', () => {
    const token = hmacToken({ iss: 'k', exp: NOW + 120, nbf: NOW - 7200 }, SECRET)
    const report = debugged(token, 'strict')
    const [use] = report.uses
    assert.equal(exitCodeOf(report), 0)
    assert.equal(use?.consumer, 'consumer alice')
    assert.deepEqual([use.title, use.place.line], ["plugin jwt on route 'strict'", 8])
    assert.deepEqual(
      [use.credential?.title, use.credential?.place.line],
      ["jwt credential of consumer 'alice'", 18],
    )
    assert.deepEqual(
      use.checks.map(({ name, isRight }) => `${name} ${String(isRight)}`),
      [
        'token true',
        'key true',
        'credential true',
        'algorithm true',
        'secret true',
        'signature true',
        'exp true',
        'nbf true',
      ],
    )
    assert.deepEqual(report.token.claims, { iss: 'k', exp: NOW + 120, nbf: NOW - 7200 })
  })

  const refused: readonly (readonly [title: string, token: string, fault: RegExp])[] = [
    ['no token', 'x.y', /^token: Bad token; invalid JSON: the first part is no JSON/],
    ['alg none', `${encoded({ alg: 'none' })}.e30.`, /^token: .*invalid alg: alg is none, which/],
    ['no key', hmacToken({}, SECRET), /^key: neither the claims nor the header .* have iss$/],
    ['a key that is no text', hmacToken({ iss: 5 }, SECRET), /^key: iss is 5, not a text/],
    ['an unknown key', hmacToken({ iss: 'x' }, SECRET), /^credential: no jwt_secrets entry .* x$/],
    [
      'another algorithm',
      hmacToken({ iss: 'k' }, SECRET, { alg: 'HS384' }),
      /^algorithm: the token says HS384, the credential is for HS256$/,
    ],
    [
      'a credential without a key',
      hmacToken({ iss: 'e' }, 'x', { alg: 'ES256' }),
      /^secret: the credential has no rsa_public_key$/,
    ],
    ['another secret', hmacToken({ iss: 'k' }, 'x'), /^signature: Invalid signature: made with/],
    [
      'its time',
      hmacToken({ iss: 'k', exp: NOW - 180, nbf: NOW }, SECRET),
      /^exp: token expired: 2023-11-14T22:10:20Z, 3 minutes ago$/,
    ],
    [
      'a time too far ahead',
      hmacToken({ iss: 'k', exp: NOW + 301, nbf: NOW }, SECRET),
      /^exp: exceeds maximum allowed expiration: .*, in 5 minutes; maximum_expiration is 300 seconds$/,
    ],
    [
      'a time that is none',
      hmacToken({ iss: 'k', exp: 'soon', nbf: NOW }, SECRET),
      /^exp: must be a number: soon/,
    ],
  ]
  for (const [title, token, fault] of refused) {
    it(`names what is wrong: ${title}`, () => {
      const report = debugged(token, 'strict')
      assert.equal(exitCodeOf(report), 1)
      const faults = faultsOf(report)
      assert.equal(faults.length, 1)
      assert.match(faults[0] ?? '', fault)
    })
  }

  it('finds that the secret is meant otherwise, and that nobody is turned away', () => {
    const { uses } = debugged(hmacToken({ iss: 'k' }, SECRET), 'lax')
    assert.equal(uses[0]?.verdict, 'refused')
    assert.match(uses[0].notes.join('\n'), /right if secret_is_base64 is turned round/)
    assert.match(uses[0].notes.join('\n'), /goes on as the anonymous consumer 'guest'/)
  })

  it('notes that nobody looks at the time', () => {
    const text = FILE.replace('claims_to_verify: [exp, nbf], maximum_expiration: 300', '')
    const { uses } = debugged(hmacToken({ iss: 'k', exp: 1 }, SECRET), 'strict', text)
    assert.equal(uses[0]?.verdict, 'accepted')
    assert.match(uses[0].notes.join('\n'), /claims_to_verify does not name exp/)
  })

  it('asks every use of the plugin when no route is named, and takes a copied header', () => {
    const token = hmacToken({ iss: 'k', exp: NOW + 9, nbf: NOW }, SECRET)
    const report = debugged(`Authorization: Bearer ${token}\n`)
    assert.deepEqual(
      report.uses.map(({ verdict }) => verdict),
      ['accepted', 'refused'],
    )
    assert.equal(report.verdict, 'refused')
    assert.equal(report.token.characters, token.length)
  })

  it('shows neither secret nor signature, and nothing that a terminal would obey', () => {
    const token = hmacToken({ iss: 'k', name: '\u001b]0;x\u202e' }, SECRET, {
      alg: 'HS256',
      kid: '\u009b',
    })
    const signature = token.slice(token.lastIndexOf('.') + 1)
    for (const route of ['strict', 'lax']) {
      for (const format of Object.values(JWT_FORMATS)) {
        const text = format(debugged(token, route), { hasColor: false })
        assert.ok(!text.includes(SECRET) && !text.includes(signature))
        assert.doesNotMatch(text, /[\u001b\u009b\u202e]/)
      }
    }
  })

  it('says what it cannot do', () => {
    const error =
      (route: string | undefined, text = FILE) =>
      () =>
        debugged('x', route, text)
    assert.throws(error('nope'), /kong\.yml has no route 'nope'/)
    assert.throws(error('open'), /jwt does not apply to route 'open'/)
    assert.throws(error(undefined, '_format_version: "3.0"\n'), /does not use the plugin jwt/)
  })
})

describe('timeText', () => {
  it('tells when, and how far that is', () => {
    for (const [claim, text] of [
      [NOW, '2023-11-14T22:13:20Z, now'],
      [NOW + 1, '2023-11-14T22:13:21Z, in 1 second'],
      [NOW - 119, '2023-11-14T22:11:21Z, 119 seconds ago'],
      [NOW + 7200, '2023-11-15T00:13:20Z, in 2 hours'],
      [NOW - 864_000, '2023-11-04T22:13:20Z, 10 days ago'],
      [1e300, '1e+300'],
      [undefined, 'missing'],
      ['soon', 'soon'],
    ] as const) {
      assert.equal(timeText(claim, NOW * 1000), text)
    }
  })
})
