// What `gw start` makes of files that need more than themselves: variables, secrets, and what cannot be done yet.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { launch, oneRoute, startGateway, type GatewayOptions } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { header } from '../support/message-reader.js'
import { gwCommand, projectRoot } from '../support/root.js'

let echo: RunningEcho
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
})
after(() => echo.close())

const withFlag = (flag: string): readonly string[] => [process.execPath, gwCommand, 'start', flag]

async function answerOf(options: GatewayOptions) {
  const gateway = await startGateway(options)
  try {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/')
    return { answer, log: gateway.log }
  } finally {
    await gateway.stop()
  }
}

/** What it prints before it ends by itself. */
async function refusalOf(options: GatewayOptions): Promise<string> {
  const gateway = await launch(options)
  const { code } = await gateway.child.ended
  await gateway.stop()
  assert.equal(code, 1, gateway.log)
  return gateway.log
}

describe('a file with a plugin that is not built yet', () => {
  const planned = { plugins: [{ name: 'grpc-web' }] }
  // A template with a function of Lua.
  const beyond = {
    plugins: [
      {
        name: 'request-transformer',
        config: { add: { headers: ['a:$((function() return 1 end)())'] } },
      },
    ],
  }

  it('does not start, and the message names the plugin, its place and the way out', async () => {
    const output = await refusalOf({ config: oneRoute(echo.port, planned) })
    assert.match(output, /kong\.yml:1:\d+.*plugin 'grpc-web' is not built yet/)
    assert.match(output, /--skip-unsupported/)
  })

  it('does not start when a plugin cannot do all that it is asked for', async () => {
    const output = await refusalOf({ config: oneRoute(echo.port, beyond) })
    assert.match(output, /config\.add\.headers.*has functions of its own/)
  })

  for (const [what, more] of [
    ['plugin', planned],
    ['use of a plugin', beyond],
  ] as const) {
    it(`starts without that ${what} when told to skip it, and warns`, async () => {
      const config = oneRoute(echo.port, more)
      const { answer, log } = await answerOf({ config, command: withFlag('--skip-unsupported') })
      assert.equal(answer.status, 200)
      assert.match(log, /it is left out/)
    })
  }
})

describe('a file with variables', () => {
  const config = '_format_version: "3.0"\nservices: [{url: "${TARGET}", routes: [{paths: [/]}]}]\n'
  const env = () => ({ TARGET: `http://127.0.0.1:${echo.port}` })

  it('takes them from the environment when told to', async () => {
    const options = { config, env: env(), command: withFlag('--expand-env') }
    assert.equal((await answerOf(options)).answer.status, 200)
  })

  it('takes them from the environment when a setting says so', async () => {
    const { answer } = await answerOf({ config, env: { ...env(), GW_EXPAND_ENV: 'on' } })
    assert.equal(answer.status, 200)
  })

  it('does not start when one is not set', async () => {
    const output = await refusalOf({ config, command: withFlag('--expand-env') })
    assert.match(output, /kong\.yml:2:\d+.*variable TARGET is not set/)
  })

  it('is read as it stands without being told', async () => {
    assert.match(await refusalOf({ config, env: env() }), /services\[0\]\.host/)
  })
})

describe('a file with a reference to a secret', () => {
  const config = () =>
    oneRoute(echo.port, {
      plugins: [{ name: 'keeper', config: { secret: '{vault://env/the-secret}' } }],
    })
  const env = {
    KONG_PLUGINS: 'bundled,keeper',
    GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/plugins'),
  }

  it('runs with what the environment holds, and does not show it', async () => {
    const { answer, log } = await answerOf({
      config: config(),
      env: { ...env, THE_SECRET: 'hunter2' },
    })
    assert.equal(header(answer, 'x-secret-length'), '7')
    assert.doesNotMatch(log, /hunter2/)
  })

  it('runs with an empty secret when the environment has none, and warns', async () => {
    const { answer, log } = await answerOf({ config: config(), env })
    assert.equal(header(answer, 'x-secret-length'), '0')
    assert.match(log, /unable to resolve reference \{vault:\/\/env\/the-secret\}/)
  })
})
