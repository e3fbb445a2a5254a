import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import { loadConfig } from '../../src/config/index.js'
import { ConfigError } from '../../src/errors/config-error.js'
import type { Credential } from '../../src/model/entities.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { hashKey } from '../../src/util/hashed-key.js'
import keyAuth from '../key-auth/index.js'
import keyAuthEnc from './index.js'

const plugins = new PluginRegistry([keyAuthEnc, keyAuth])
const ALICE = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const BOB = '00f1e2d3c4b5a69788796a5b4c3d2e1f'

function load(...credentials: readonly object[]) {
  const consumers = [{ username: 'alice', keyauth_enc_credentials: credentials }]
  const text = JSON.stringify({ _format_version: '3.0', consumers })
  return loadConfig({ text, file: 'kong.json' }, { plugins, now: () => 0 })
}

const { snapshot } = load({ key: ALICE }, { key: hashKey(BOB) }, { key: 'until-100', ttl: 100 })

async function ask(key: string, config: object = {}): Promise<FakeContext> {
  const ctx = fakeContext({ store: snapshot, headers: [['apikey', key]] })
  await keyAuthEnc.access?.(ctx, prepared(keyAuthEnc, config))
  return ctx
}

function faultsOf(...credentials: readonly object[]): readonly string[] {
  try {
    load(...credentials)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe('key-auth-enc', () => {
  it('lets a key pass that the file has as it is, and one that it has as a hash', async () => {
    for (const key of [ALICE, BOB]) {
      const ctx = await ask(key)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer?.username, 'alice')
      assert.equal(ctx.upstream.headers.get('x-credential-identifier'), ctx.credential?.id)
    }
  })

  it('refuses other keys, and the hash of a good one', async () => {
    for (const key of ['wrong', hashKey(ALICE), hashKey(BOB)]) {
      const { answer } = await ask(key)
      assert.equal(answer?.status, 401)
      assert.deepEqual(answer.headers, { 'WWW-Authenticate': 'Key' })
    }
  })

  it('refuses a key whose time is over', async () => {
    void keyAuthEnc.init?.(silentEnv(99_999))
    assert.equal((await ask('until-100')).answer, null)
    void keyAuthEnc.init?.(silentEnv(100_000))
    assert.equal((await ask('until-100')).answer?.status, 401)
  })

  it('has the fields of key-auth', async () => {
    assert.deepEqual(keyAuthEnc.schema, keyAuth.schema)
    const ctx = await ask(ALICE, { hide_credentials: true, realm: 'r' })
    assert.equal(ctx.upstream.headers.get('apikey'), undefined)
  })

  it('keeps no key in what a request is served with', () => {
    const consumer = snapshot.consumer('alice') ?? assert.fail()
    const kept: readonly Credential[] = snapshot.credentialsOf('keyauth_enc_credentials', consumer)
    assert.equal(kept.length, 3)
    for (const { key } of kept) assert.match(String(key), /^sha256:[0-9a-f]{64}$/)
    assert.ok(!JSON.stringify(kept).includes(ALICE))
  })

  describe('in a file', () => {
    it('takes a key and its hash for the same, whichever stands first', () => {
      const pairs = [
        [ALICE, hashKey(ALICE)],
        [hashKey(ALICE), ALICE],
      ]
      for (const pair of pairs) {
        assert.deepEqual(faultsOf(...pair.map((key) => ({ key }))), [
          "consumers[0].keyauth_enc_credentials[1]: uniqueness violation: 'keyauth_enc_credentials' entity with key set to '***' already declared",
        ])
      }
    })

    it('refuses a hash that is cut off, and shows nothing of it', () => {
      assert.deepEqual(faultsOf({ key: hashKey(ALICE).slice(0, 40) }), [
        'consumers[0].keyauth_enc_credentials[0].key: expected sha256: and 64 hexadecimal digits',
      ])
    })

    it('makes up a key that is left out, as Kong does, which nobody learns', () => {
      assert.deepEqual(faultsOf({}), [])
    })
  })
})
