// `kong start` and the commands that talk to what it started, as scripts and health checks run them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { Child } from '../../support/child.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { portOf } from '../../support/ports.js'
import { startRecordingTarget } from '../../support/recording-target.js'
import { oneRoute } from '../../support/gateway.js'
import { kongCommand } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'
import { isRunning, leaveRecord, makePlace, type Place } from './place.js'

const HINT = '\n\n  Run with --v (verbose) or --vv (debug) for more details\n'
const WRONG = '_format_version: "3.0"\nservices:\n- name: a\n  url: http://a\n  prot: x\n'

describe('a gateway in the background', () => {
  let place: Place
  before(async () => {
    place = await makePlace()
    const { code, output } = await place.kong(['start'])
    assert.deepEqual([code, output], [0, 'Kong started\n'])
  })
  after(() => place.remove())

  it('serves as soon as the command has ended, and writes a log in the prefix', async () => {
    assert.equal((await requestOnce(place.statusPort, 'GET', '/status/ready')).status, 200)
    assert.match(place.errorLog, /proxy is listening/)
  })

  it('is where scripts of Kong look for it', () => {
    const pid = Number(readFileSync(join(place.prefix, 'pids/nginx.pid'), 'utf8'))
    assert.ok(isRunning(pid))
    assert.equal(statSync(join(place.prefix, '.kong_env')).mode & 0o777, 0o600)
  })

  it('is healthy, under either name', async () => {
    const { code, output } = await place.kong(['health'])
    assert.equal(code, 0)
    assert.equal(output, `nginx.......running\n\nKong is healthy at ${place.prefix}\n`)
    assert.match((await place.gw(['health'])).output, /^gw\.{10}running\n\ngw is healthy at /)
  })

  it('keeps a second one out of its prefix', async () => {
    const { code, output } = await place.kong(['start'])
    assert.equal(code, 1)
    assert.equal(output, `Error: Kong is already running in ${place.prefix}${HINT}`)
    assert.match((await place.gw(['start'])).output, /^Error: gw is already running in /m)
  })

  it('tells how it is doing', async () => {
    const { code, stdout } = await place.gw(['status'])
    assert.equal(code, 0)
    assert.match(stdout, /^ready: +yes$/m)
    assert.match(stdout, /^configuration: [0-9a-f]{32}$/m)
    assert.match(stdout, new RegExp(`^proxy: +127\\.0\\.0\\.1:${place.proxyPort}$`, 'm'))
  })

  it('reads its file again, and the command knows how that went', async () => {
    const { hash } = (await statusOf(place)) as { hash: string }
    place.writeConfig('_format_version: "3.0"\nservices: [{name: other, url: "http://a"}]\n')
    assert.equal((await place.kong(['reload'])).output, 'Kong reloaded\n')
    assert.notEqual((await statusOf(place)).hash, hash)
    assert.equal((await place.gw(['reload'])).output, 'gw reloaded\n')
  })

  it('keeps the old configuration when the file is wrong, and the command says what is', async () => {
    const { hash } = await statusOf(place)
    place.writeConfig(WRONG)
    for (const name of ['kong', 'gw'] as const) {
      const { code, output } = await place[name](['reload'])
      assert.equal(code, 1)
      assert.match(output, /kong\.yml:5:3 services\[0\]\.prot: unknown field/)
    }
    assert.equal((await statusOf(place)).hash, hash)
  })

  it('is not ready any more once it is drained', async () => {
    const { code, output } = await place.kong(['drain'])
    assert.deepEqual([code, output], [0, "Kong's status successfully changed to 'draining'\n"])
    const answer = await requestOnce(place.statusPort, 'GET', '/status/ready')
    assert.deepEqual([answer.status, answer.text], [503, '{"message":"draining"}'])
    const { code: no, stdout } = await place.gw(['status'])
    assert.equal(no, 1)
    assert.match(stdout, /^ready: +no: draining$/m)
    assert.equal((await requestOnce(place.proxyPort, 'GET', '/')).status, 404, 'it still serves')
  })

  it('ends, and leaves nothing that looks alive', async () => {
    const { pid } = place
    const { code, output } = await place.kong(['stop'])
    assert.deepEqual([code, output], [0, 'Kong stopped\n'])
    assert.ok(pid !== null && !isRunning(pid))
    assert.equal(place.pid, null)
    const again = await place.kong(['stop'])
    assert.equal(again.code, 1)
    assert.equal(again.output, `Error: nginx not running in prefix: ${place.prefix}${HINT}`)
    const health = await place.kong(['health'])
    assert.equal(health.code, 1)
    assert.equal(health.stdout, 'nginx.......not running\n\n')
    assert.match(health.output, new RegExp(`^Error: Kong is not running at ${place.prefix}$`, 'm'))
  })
})

async function statusOf({ statusPort }: Place): Promise<{ readonly hash: string }> {
  const { text } = await requestOnce(statusPort, 'GET', '/status')
  return { hash: (JSON.parse(text) as { configuration_hash: string }).configuration_hash }
}

describe('the commands of Kong', () => {
  let place: Place
  beforeEach(async () => {
    place = await makePlace()
  })
  afterEach(() => place.remove())

  it('say that there is no prefix', async () => {
    for (const command of ['stop', 'quit', 'reload', 'health', 'drain']) {
      const { code, output } = await place.kong([command])
      assert.equal(code, 1, command)
      assert.equal(output, `Error: no such prefix: ${place.prefix}${HINT}`)
    }
  })

  it('know another prefix by a flag', async () => {
    const { output } = await place.kong(['health', '-p', '/no/such'])
    assert.equal(output, `Error: no such prefix: /no/such${HINT}`)
  })

  it('refuse what is none of them', async () => {
    const { code, output } = await place.kong(['statr'])
    assert.equal(code, 1)
    assert.match(output, /^No such command: statr$/m)
  })

  it('quit when the last request has ended', async () => {
    const target = await startRecordingTarget(() => undefined)
    try {
      place.writeConfig(oneRoute(target.port))
      await place.kong(['start'])
      let finish = (): void => assert.fail('the target has got no request')
      target.answer((socket) => {
        finish = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')
      })
      const answer = requestOnce(place.proxyPort, 'GET', '/')
      await waitFor('the request at the target', () => target.requests.length === 1)
      const quit = place.kong(['quit', '-t', '20'])
      await waitFor('the signal', () => place.errorLog.includes('SIGQUIT'))
      finish()
      assert.equal((await answer).text, 'done')
      assert.deepEqual((await quit).output, 'Kong stopped (gracefully)\n')
    } finally {
      await target.close()
    }
  })

  it('lose their patience with requests that do not end', async () => {
    const target = await startRecordingTarget(() => undefined)
    try {
      place.writeConfig(oneRoute(target.port))
      await place.kong(['start'])
      const client = await HttpClient.connect(place.proxyPort)
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await waitFor('the request at the target', () => target.requests.length === 1)
      const { code, output } = await place.kong(['quit', '--timeout', '1'])
      assert.deepEqual([code, output], [0, 'Timeout, Kong stopped forcefully\n'])
      client.close()
    } finally {
      await target.close()
    }
  })

  it('start anew what runs, and what does not', async () => {
    assert.equal((await place.kong(['restart'])).output, 'Kong started\n')
    const { pid } = place
    assert.equal((await place.kong(['restart'])).output, 'Kong started\n')
    assert.ok(place.pid !== null && place.pid !== pid)
    assert.equal((await requestOnce(place.statusPort, 'GET', '/status/ready')).status, 200)
  })

  it('say why the gateway did not start', async () => {
    place.writeConfig(WRONG)
    const { code, output } = await place.kong(['start'])
    assert.equal(code, 1)
    assert.match(output, /^Error: .*kong\.yml:5:3 services\[0\]\.prot: unknown field/m)
    assert.ok(output.endsWith(HINT))
    assert.equal(place.pid, null)
  })

  it('show the end of the log of a gateway that ended without a word', async () => {
    const crash = `if (process.argv.includes('--foreground')) { console.error('cracked'); process.exit(7) }`
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(crash)}`
    const { code, output } = await place.kong(['start'], { NODE_OPTIONS })
    assert.equal(code, 1)
    assert.equal(output, `Error: it ended with 7\ncracked${HINT}`)
  })

  it('say why the gateway cannot listen', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const taken = `127.0.0.1:${portOf(other)}`
    const { code, output } = await place.kong(['start'], { KONG_STATUS_LISTEN: taken })
    await new Promise((resolve) => other.close(resolve))
    assert.equal(code, 1)
    assert.ok(output.startsWith(`Error: cannot listen on ${taken}: EADDRINUSE`), output)
  })

  it("start where one was killed, also when its id is another program's now", async () => {
    for (const record of ['4194305 1\n', `${process.pid} 1\n`]) {
      leaveRecord(place.prefix, record)
      assert.equal((await place.kong(['health'])).code, 1)
      assert.equal((await place.kong(['start'])).output, 'Kong started\n')
      assert.equal((await place.kong(['stop'])).output, 'Kong stopped\n')
    }
  })

  it('run in the foreground where the settings or an image say so', async () => {
    for (const [args, env] of [
      [['start'], { KONG_NGINX_DAEMON: 'off' }],
      [['docker-start'], {}],
    ] as const) {
      const child = new Child(process.execPath, [kongCommand, ...args], { ...place.env, ...env })
      try {
        await place.waitUntilReady()
        assert.equal(place.pid, child.pid)
        assert.equal((await place.kong(['health'])).code, 0)
      } finally {
        assert.deepEqual(await child.stop(), { code: 0, signal: null })
      }
    }
  })

  it('go into the background under the name gw only when told to', async () => {
    const { output } = await place.gw(['start', place.configFile, '--daemon', '--workers', '2'])
    assert.equal(output, 'gw started\n')
    assert.match(readFileSync(join(place.prefix, '.kong_env'), 'utf8'), /processes = 2$/m)
    assert.equal((await place.gw(['stop'])).output, 'gw stopped\n')
  })

  it('prepare a prefix, and start nothing', async () => {
    const { code, output } = await place.kong(['prepare'])
    const made = `prefix directory ${place.prefix} not found, trying to create it\n`
    assert.deepEqual([code, output], [0, made])
    assert.ok(existsSync(join(place.prefix, '.kong_env')))
    assert.equal((await place.kong(['health'])).code, 1)
  })

  it('need a prefix that can be written, when one is named', async () => {
    const file = join(place.folder, 'file')
    writeFileSync(file, '')
    const { code, output } = await place.kong(['start', '--prefix', file])
    assert.equal(code, 1)
    assert.match(output, /^Error: the prefix .*file cannot be used: it is not a directory/)
  })
})
