import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { PluginRegistry } from '../plugin/registry.js'
import { makeSelfSigned } from '../server/certificates/self-signed.js'
import { loadConfig, type LoadedConfig } from './load.js'

const ONE = makeSelfSigned(0)
const TWO = makeSelfSigned(0)
const ENVIRONMENT = { CERT: ONE.cert, KEY: ONE.key, OTHER_KEY: TWO.key, TEXT: 'hunter2' }

function load(
  certificates: readonly object[],
  { hasSecrets = true, snis = [] as readonly object[] } = {},
): LoadedConfig {
  const text = JSON.stringify({ _format_version: '3.0', certificates, snis })
  const secrets = { environment: ENVIRONMENT, envPrefix: '' }
  return loadConfig(
    { text, file: 'kong.json' },
    { plugins: new PluginRegistry([]), now: () => 0, ...(hasSecrets && { secrets }) },
  )
}

function faultsOf(certificate: object): readonly string[] {
  try {
    load([certificate])
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

const PAIR = { cert: ONE.cert, key: ONE.key }
const REFERENCES = { cert: '{vault://env/cert}', key: '{vault://env/key}' }

describe('certificates that are served', () => {
  it('know their names, nested or on their own', () => {
    const id = '11111111-1111-4111-8111-111111111111'
    const { certificates } = load(
      [
        { ...PAIR, id, snis: [{ name: 'a.test' }] },
        { cert: TWO.cert, key: TWO.key },
      ],
      { snis: [{ name: 'b.*', certificate: { id } }] },
    )
    assert.deepEqual(
      certificates.map(({ place, names }) => ({ place, names })),
      [
        { place: 'certificates[0]', names: ['a.test', 'b.*'] },
        { place: 'certificates[1]', names: [] },
      ],
    )
    assert.deepEqual(
      { ...certificates[0] },
      {
        ...PAIR,
        id,
        place: 'certificates[0]',
        cert_alt: null,
        key_alt: null,
        names: ['a.test', 'b.*'],
      },
    )
  })

  it('have secrets in the place of references', () => {
    const [certificate] = load([REFERENCES]).certificates
    assert.equal(certificate?.cert, ONE.cert)
    assert.equal(certificate.key, ONE.key)
  })

  it('are those without references when nobody looks secrets up', () => {
    const { certificates, warnings } = load([REFERENCES, PAIR], { hasSecrets: false })
    assert.deepEqual(
      certificates.map(({ place }) => place),
      ['certificates[1]'],
    )
    assert.deepEqual(warnings, [])
  })

  it('leave out one whose secret is not there, with warnings', () => {
    const { certificates, warnings } = load([{ ...PAIR, key: '{vault://env/none}' }])
    assert.deepEqual(certificates, [])
    assert.deepEqual(
      warnings.map(({ path, message }) => `${path}: ${message}`),
      [
        'certificates[0]: it is left out, and its names get another certificate',
        'certificates[0].key: unable to resolve reference {vault://env/none} (the environment has no NONE)',
      ],
    )
  })

  it('are held to their rules once their secrets are known, without showing them', () => {
    assert.deepEqual(faultsOf({ ...REFERENCES, key: '{vault://env/other-key}' }), [
      'certificates[0]: certificate does not match key',
    ])
    assert.deepEqual(faultsOf({ ...REFERENCES, key: '{vault://env/text}' }), [
      'certificates[0].key: invalid key',
    ])
  })
})
