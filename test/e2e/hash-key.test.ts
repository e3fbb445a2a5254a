// gw hash-key as a shell sees it, and what it prints as the gateway takes it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../support/child.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { gwCommand } from '../support/root.js'

const KEY = '4f9c07e1b2d83a56c1e07f42aa917d30'
const HASHED = /^sha256:[0-9a-f]{64}\n$/

/** @param input given to the command on standard input */
function hashKey(input: string, ...args: readonly string[]): ReturnType<typeof runToEnd> {
  const script = 'printf %s "$INPUT" | "$NODE" "$GW" hash-key "$@"'
  const env = { INPUT: input, NODE: process.execPath, GW: gwCommand }
  return runToEnd('sh', ['-c', script, 'sh', ...args], env)
}

describe('gw hash-key', () => {
  it('reads a key from standard input, without its line break, and prints a hash alone', async () => {
    const { code, stdout, output } = await hashKey(`${KEY}\n`)
    assert.equal(code, 0)
    assert.match(stdout, HASHED)
    assert.equal(output, stdout)
    assert.equal((await hashKey(KEY, '-')).stdout, stdout)
  })

  it('takes a key as argument, and warns of the history of shells', async () => {
    const { code, stdout, output } = await hashKey('', KEY)
    assert.equal(code, 0)
    assert.match(stdout, HASHED)
    assert.match(output, /Warning: shells keep their history/)
    assert.ok(!output.includes(KEY))
  })

  it('refuses a key that could be guessed, unless it is told to', async () => {
    const refused = await hashKey('hunter2')
    assert.equal(refused.code, 1)
    assert.equal(refused.stdout, '')
    assert.match(refused.output, /shorter than 24 characters.*openssl rand -hex 16.*--force/)
    const forced = await hashKey('hunter2', '--force')
    assert.equal(forced.code, 0)
    assert.match(forced.stdout, HASHED)
    assert.match(forced.output, /Warning: the key is shorter/)
  })

  it('refuses what is no key', async () => {
    assert.match((await hashKey('')).output, /there is no key/)
    assert.match((await hashKey(`${KEY} `)).output, /begins or ends with a blank/)
  })
})

describe('a file with what it prints', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    const key = (await hashKey(KEY)).stdout.trim()
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        services: [{ url: `http://127.0.0.1:${target.port}`, routes: [{ paths: ['/'] }] }],
        consumers: [{ username: 'alice', keyauth_enc_credentials: [{ key }] }],
        plugins: [{ name: 'key-auth-enc' }],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  it('lets the key pass, and not the hash', async () => {
    const ask = (apikey: string) => requestOnce(gateway.proxyPort, 'GET', '/', { apikey })
    assert.equal((await ask(KEY)).status, 200)
    assert.equal((await ask((await hashKey(KEY)).stdout.trim())).status, 401)
  })
})
