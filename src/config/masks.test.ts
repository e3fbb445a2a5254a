import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { ConfigError } from '../errors/config-error.js'
import { PluginRegistry } from '../plugin/registry.js'
import { loadConfig } from './index.js'
import { printDrafts } from './print.js'

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)

function load(text: string) {
  return loadConfig({ text: `_format_version: "3.0"\n${text}`, file: 'kong.yml' }, context)
}
const context = { plugins, now: () => 1_700_000_000_000 }

function masked(text: string): string {
  const { drafts, seconds, transforms } = load(text).origin
  return printDrafts(drafts, { plugins, seconds, transforms, hidesSecrets: true }, 'json')
}

function faultsOf(text: string): readonly string[] {
  try {
    load(text)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`)
  }
}

describe('what is printed without secrets', () => {
  const cases: readonly (readonly [title: string, text: string])[] = [
    [
      'of credentials',
      `consumers:
- username: u
  keyauth_enc_credentials: [{key: hush}]
  basicauth_credentials: [{username: b, password: hush}]
  hmacauth_credentials: [{username: h, secret: hush}]
  jwt_secrets: [{key: issuer, secret: hush}]
  oauth2_credentials: [{name: o, client_id: id, client_secret: hush, redirect_uris: ["https://a.test"]}]
`,
    ],
    [
      'in a record of Redis',
      'plugins: [{name: rate-limiting, config: {minute: 1, policy: redis, redis: {host: a.test, password: hush}}}]\n',
    ],
    ['of a session', 'plugins: [{name: session, config: {secret: hush}}]\n'],
    ['of webhooks', 'plugins: [{name: standard-webhooks, config: {secret_v1: hush}}]\n'],
    [
      'in headers to send',
      'plugins: [{name: http-log, config: {http_endpoint: "http://a.test", headers: {x-own: hush}}}]\n',
    ],
    ['in a URL', 'plugins: [{name: http-log, config: {http_endpoint: "http://u:hush@a.test"}}]\n'],
    [
      'in lists of headers to add',
      'plugins: [{name: request-transformer, config: {add: {headers: ["X-Token: hush"]}}}]\n',
    ],
    ['of keys', `keys: [{name: k, kid: k, jwk: '{"kty":"oct","kid":"k","k":"hush"}'}]\n`],
  ]
  for (const [title, text] of cases) {
    it(`has masks for secrets ${title}`, () => {
      const printed = masked(text)
      assert.doesNotMatch(printed, /hush/)
      assert.match(printed, /\*{6}/)
    })
  }

  it('has names, addresses and references to vaults as they are', () => {
    const printed = masked(`
consumers: [{username: u, jwt_secrets: [{key: issuer, secret: s}], keyauth_credentials: [{key: shown-key}]}]
plugins:
- {name: session, config: {secret: "{vault://env/session-secret}", cookie_name: biscuit}}
- {name: http-log, config: {http_endpoint: "https://logs.test/in"}}
`)
    for (const text of [
      'issuer',
      'shown-key',
      'vault://env/session-secret',
      'biscuit',
      'https://logs.test/in',
    ]) {
      assert.ok(printed.includes(text), text)
    }
  })
})

describe('a file with a mask in place of a secret', () => {
  it('is refused, with the place', () => {
    const text = `consumers:
- username: u
  jwt_secrets: [{key: issuer, secret: "******"}]
  keyauth_enc_credentials: [{key: "******"}]
plugins:
- name: session
  config: {secret: "******"}
`
    const message = '****** stands where a secret was hidden'
    assert.deepEqual(faultsOf(text), [
      `4 consumers[0].jwt_secrets[0].secret: ${message}`,
      `5 consumers[0].keyauth_enc_credentials[0].key: ${message}`,
      `8 plugins[0].config.secret: ${message}`,
    ])
  })

  it('is what a masked dump is, and a full one is not', () => {
    const text = 'consumers: [{username: u, hmacauth_credentials: [{username: h, secret: s}]}]\n'
    const { drafts, seconds, transforms } = load(text).origin
    const dump = printDrafts(drafts, { plugins, seconds, transforms }, 'yaml')
    assert.doesNotThrow(() => loadConfig({ text: dump, file: 'dump.yml' }, context))
    assert.throws(() => loadConfig({ text: masked(text), file: 'dump.json' }, context), ConfigError)
  })
})
