// No fault of a credential may show what the credential is, neither in its words nor in the excerpt.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { ConfigError } from '../errors/config-error.js'
import { PluginRegistry } from '../plugin/registry.js'
import { loadConfig } from './load.js'
import { REPORT_FORMATS } from './report/index.js'

const SECRET = 'hunter2'
const HEAD = '_format_version: "3.0"\nconsumers: [{username: u}]\n'

/** What all reports say of a file that is refused. */
function reportOf(text: string): string {
  try {
    loadConfig(
      { text, file: 'kong.yml' },
      { plugins: new PluginRegistry(bundledPlugins, plannedPlugins), now: () => 0 },
    )
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const texts = new Map([['kong.yml', text]])
    const report = { files: ['kong.yml'], errors: error.problems, warnings: [], texts }
    return Object.values(REPORT_FORMATS)
      .map((format) => format(report, { hasColor: false, root: '/' }))
      .join('\n')
  }
  throw new Error(`accepted:\n${text}`)
}

describe('a fault of a credential', () => {
  const fields: readonly (readonly [collection: string, field: string])[] = [
    ['keyauth_credentials', 'key'],
    ['basicauth_credentials', 'username'],
    ['basicauth_credentials', 'password'],
    ['hmacauth_credentials', 'username'],
    ['hmacauth_credentials', 'secret'],
    ['jwt_secrets', 'key'],
    ['jwt_secrets', 'secret'],
    ['jwt_secrets', 'algorithm'],
    ['jwt_secrets', 'rsa_public_key'],
    ['oauth2_credentials', 'client_id'],
    ['oauth2_credentials', 'client_secret'],
    ['oauth2_credentials', 'client_type'],
    ['oauth2_tokens', 'access_token'],
    ['oauth2_tokens', 'refresh_token'],
    ['oauth2_tokens', 'credential'],
    ['oauth2_authorization_codes', 'code'],
    ['certificates', 'cert'],
    ['certificates', 'key'],
    ['certificates', 'key_alt'],
    ['keys', 'jwk'],
    ['keys', 'pem'],
  ]
  for (const [collection, field] of fields) {
    it(`does not show ${collection}.${field}`, () => {
      // The same twice, of a wrong kind, in a field that is not there, beside a fault of another field.
      const entries = [
        `{consumer: u, ${field}: ${SECRET}, algorithm: RS256, nope: ${SECRET}}`,
        `{consumer: u, ${field}: ${SECRET}, id: ${SECRET}, ttl: x, tags: 5}`,
        `{consumer: u, ${field}: [${SECRET}], _comment: [${SECRET}]}`,
        `{consumer: ghost, ${field}: ${SECRET}, rsa_public_key: ${SECRET}, algorithm: PS256}`,
      ]
      const text = `${HEAD}${collection}:\n${entries.map((entry) => `- ${entry}\n`).join('')}`
      assert.doesNotMatch(reportOf(text), new RegExp(SECRET))
    })
  }
})

describe('a fault of a plugin that sends', () => {
  const configs = [
    `{http_endpoint: "user:${SECRET}@logs.test"}`,
    `{http_endpoint: [${SECRET}]}`,
    `{http_endpoint: http://logs.test, headers: {Authorization: [${SECRET}]}}`,
  ]
  for (const config of configs) {
    it(`does not show the secret in ${config}`, () => {
      const report = reportOf(`${HEAD}plugins:\n- {name: http-log, config: ${config}}\n`)
      assert.match(report, /http_endpoint|Authorization/)
      assert.doesNotMatch(report, new RegExp(SECRET))
    })
  }
})

describe('a fault of a plugin', () => {
  const configs: readonly (readonly [name: string, config: string])[] = [
    ['standard-webhooks', `{secret_v1: [${SECRET}], secret: ${SECRET}}`],
    ['acme', `{account_email: ${SECRET}, eab_kid: [${SECRET}], eab_hmac_key: {a: ${SECRET}}}`],
    ['acme', `{storage_config: {redis: {auth: ${SECRET}, password: other}}}`],
    ['response-ratelimiting', `{redis_password: ${SECRET}, redis: {password: other}}`],
    ['session', `{secret: [${SECRET}]}`],
    ['oauth2', `{provision_key: [${SECRET}]}`],
  ]
  for (const [name, config] of configs) {
    it(`does not show the secrets of ${name} in ${config}`, () => {
      const text = `${HEAD}plugins:\n- {name: ${name}, config: ${config}}\n`
      assert.doesNotMatch(reportOf(text), new RegExp(SECRET))
    })
  }

  it('does not show an entry of a map that may be a secret', () => {
    const config = '{http_endpoint: "http://a.test", headers: {x-api-key: 31337, x-other: 4711}}'
    const report = reportOf(`${HEAD}plugins:\n- {name: http-log, config: ${config}}\n`)
    assert.match(report, /config\.headers: expected a string/)
    assert.match(report, /4711/)
    assert.doesNotMatch(report, /31337/)
  })
})

describe("a fault of a plugin's secret", () => {
  const fields: readonly (readonly [plugin: string, field: string, config: string])[] = [
    ['ai-proxy', 'header_value', '{auth: {header_value: 20252}}'],
    ['ai-proxy', 'param_value', '{auth: {param_value: 20252}}'],
    ['ai-proxy', 'aws_access_key_id', '{auth: {aws_access_key_id: 20252}}'],
    ['ai-proxy', 'aws_secret_access_key', '{auth: {aws_secret_access_key: 20252}}'],
    ['ai-proxy', 'gcp_service_account_json', '{auth: {gcp_service_account_json: 20252}}'],
    ['ai-request-transformer', 'header_value', '{llm: {auth: {header_value: 20252}}}'],
    ['aws-lambda', 'aws_key', '{aws_key: 20252}'],
    ['aws-lambda', 'aws_secret', '{aws_secret: 20252}'],
    ['aws-lambda', 'aws_assume_role_arn', '{aws_assume_role_arn: 20252}'],
    ['azure-functions', 'apikey', '{apikey: 20252}'],
    ['azure-functions', 'clientid', '{clientid: 20252}'],
  ]
  for (const [plugin, field, config] of fields) {
    it(`does not show ${field} of ${plugin}`, () => {
      const report = reportOf(`${HEAD}plugins:\n- name: ${plugin}\n  config: ${config}\n`)
      assert.match(report, new RegExp(`${field}: expected a string`))
      assert.doesNotMatch(report, /20252/)
    })
  }
})
