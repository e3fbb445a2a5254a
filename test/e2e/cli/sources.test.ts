// Where settings and the declarative file come from, as somebody sees who starts the gateway.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Child } from '../../support/child.js'
import { requestOnce } from '../../support/http-client.js'
import { gwCommand } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'
import { makePlace, type Place } from './place.js'

let place: Place
let child: Child | null
beforeEach(async () => {
  child = null
  place = await makePlace()
})
afterEach(async () => {
  await child?.stop()
  await place.remove()
})

function start(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  child = new Child(process.execPath, [gwCommand, 'start', ...args], { ...place.env, ...env })
  return child
}

const listening = (gateway: Child): Promise<void> =>
  waitFor('the listener', () => gateway.output.includes('proxy is listening'), 20_000)

const TEXT = '{"_format_version":"3.0","services":[{"name":"a","url":"http://127.0.0.1:9"}]}'

describe('kong.conf', () => {
  it('says what the environment does not', async () => {
    const conf = join(place.folder, 'kong.conf')
    writeFileSync(
      conf,
      [
        '# of the whole node',
        'log_level = warn   # little',
        'status_listen = 127.0.0.1:1',
        `prefix = ${place.prefix}`,
        'dns_no_sync = on',
      ].join('\n'),
    )
    const gateway = start(['-c', conf], { KONG_PREFIX: '' })
    await place.waitUntilReady()
    assert.doesNotMatch(gateway.output, /"level":"notice"/)
    assert.match(gateway.output, /dns_no_sync has no effect/)
    assert.equal((await place.gw(['health', '-c', conf], { KONG_PREFIX: '' })).code, 0)
  })

  it('that is wrong ends the start, and the message has the line', async () => {
    const conf = join(place.folder, 'kong.conf')
    writeFileSync(conf, '\nlog_level = loud\n')
    const { code, output } = await place.gw(['start', '--conf', conf])
    assert.equal(code, 1)
    assert.match(output, /kong\.conf:2:1 log_level has an invalid value: 'loud'/)
  })

  it('that is not there is an error', async () => {
    const { code, output } = await place.gw(['start', '--conf', '/no/such.conf'])
    assert.deepEqual([code, output], [1, 'Error: no file at: /no/such.conf\n'])
  })

  it('can be checked', async () => {
    const good = join(place.folder, 'good.conf')
    writeFileSync(good, 'log_level = info\nportal = on\n')
    const right = await place.kong(['check', good])
    assert.deepEqual([right.code, right.stdout], [0, `configuration at ${good} is valid\n`])
    assert.match(right.output, /warning: portal has no effect: that is a part of Kong Enterprise/)
    const bad = join(place.folder, 'bad.conf')
    writeFileSync(bad, 'log_level = loud\nheaders = x\n')
    const wrong = await place.kong(['check', bad])
    assert.deepEqual([wrong.code, wrong.stdout], [1, ''])
    assert.match(wrong.output, /bad\.conf:1:1 log_level .*\n.*bad\.conf:2:1 headers: invalid entry/)
    const none = await place.kong(['check', '/no/such.conf'])
    assert.deepEqual([none.code, none.output], [1, 'no file at: /no/such.conf\n'])
  })
})

describe('the declarative configuration', () => {
  it('may be a setting itself, where no file is named', async () => {
    start([], { KONG_DECLARATIVE_CONFIG: '', KONG_DECLARATIVE_CONFIG_STRING: TEXT })
    await place.waitUntilReady()
    assert.equal((await place.gw(['reload'])).code, 0)
  })

  it('names the setting when its text is wrong', async () => {
    const { code, output } = await place.gw(['start'], {
      KONG_DECLARATIVE_CONFIG: '',
      KONG_DECLARATIVE_CONFIG_STRING: '_format_version: "3.0"\nservice: []\n',
    })
    assert.equal(code, 1)
    assert.match(output, /KONG_DECLARATIVE_CONFIG_STRING:2:1 service: unknown field/)
  })

  it('is that of the command line first', async () => {
    const file = join(place.folder, 'other.yml')
    writeFileSync(file, TEXT)
    start([file], { KONG_DECLARATIVE_CONFIG: '/no/such.yml' })
    await place.waitUntilReady()
  })

  it('is found in the prefix, and the log says so', async () => {
    await place.gw(['prepare'])
    writeFileSync(join(place.prefix, 'kong.yml'), TEXT)
    const gateway = start([], { KONG_DECLARATIVE_CONFIG: '' })
    await place.waitUntilReady()
    assert.match(gateway.output, /prefix\/kong\.yml","msg":"KONG_DECLARATIVE_CONFIG is not set/)
  })

  it('may come later: until then nothing is found, and the gateway is not ready', async () => {
    const gateway = start([], { KONG_DECLARATIVE_CONFIG: '' })
    await listening(gateway)
    assert.match(gateway.output, /no declarative file.*\/etc\/kong\/kong\.yml/)
    assert.equal((await requestOnce(place.proxyPort, 'GET', '/')).status, 404)
    const ready = await requestOnce(place.statusPort, 'GET', '/status/ready')
    assert.equal(ready.status, 503)
    assert.equal((await place.gw(['health'])).code, 0)
    assert.equal((await place.gw(['reload'])).output, 'gw reloaded\n')
    assert.match(gateway.output, /the configuration in memory stays/)
  })
})

describe('a file of a secret', () => {
  it('is read as the setting that it is named after', async () => {
    const level = join(place.folder, 'level')
    writeFileSync(level, 'info\n')
    const file = { KONG_LOG_LEVEL_FILE: level, KONG_PROXY_LISTEN: '127.0.0.1:0' }
    start([], file)
    await place.waitUntilReady()
    assert.match(readFileSync(join(place.prefix, '.kong_env'), 'utf8'), /^log_level = info$/m)
    const { code, output } = await place.gw(['validate'], { KONG_LOG_LEVEL_FILE: '/no/such' })
    assert.equal(code, 2)
    assert.match(output, /KONG_LOG_LEVEL_FILE ENOENT/)
  })
})

describe('gw start --watch', () => {
  it('reads the file again when it has changed, and says when it is wrong', async () => {
    const gateway = start(['--watch'], {})
    await place.waitUntilReady()
    place.writeConfig(TEXT)
    await waitFor('the reload', () => gateway.output.includes('configuration reloaded'), 10_000)
    assert.match(gateway.output, /the file has changed/)
    place.writeConfig('{"_format_version":"3.0","service":[]}')
    await waitFor('the complaint', () => gateway.output.includes('was not reloaded'), 10_000)
    assert.match(gateway.output, /service: unknown field/)
  })

  it('sees a ConfigMap of Kubernetes change, which is a link that is turned round', async () => {
    const at = (name: string): string => join(place.folder, name)
    for (const [version, text] of [
      ['v1', readFileSync(place.configFile, 'utf8')],
      ['v2', TEXT],
    ] as const) {
      mkdirSync(at(version))
      writeFileSync(at(`${version}/mounted.yml`), text)
    }
    symlinkSync('v1', at('..data'))
    symlinkSync('..data/mounted.yml', at('mounted.yml'))
    const gateway = start(['--watch', at('mounted.yml')], {})
    await place.waitUntilReady()
    symlinkSync('v2', at('..data_tmp'))
    renameSync(at('..data_tmp'), at('..data'))
    await waitFor('the reload', () => gateway.output.includes('configuration reloaded'), 10_000)
  })
})

describe('signals', () => {
  it('to reload that come before the file has been read do not end the gateway', async () => {
    // The handler stands once the first module of the command has been read.
    const gateway = start([], { NODE_OPTIONS: `--import=${interrupter('SIGHUP')}` })
    await waitFor('the reload', () => gateway.output.includes('configuration reloaded'), 20_000)
    await place.waitUntilReady()
  })

  it('that mean something to nginx alone neither end it nor open a debugger', async () => {
    const gateway = start([], {})
    await place.waitUntilReady()
    gateway.signal('SIGUSR1')
    gateway.signal('SIGUSR2')
    gateway.signal('SIGHUP')
    await waitFor('the reload', () => gateway.output.includes('configuration reloaded'))
    assert.doesNotMatch(gateway.output, /Debugger/)
  })

  it('to stop that come early end it at once', async () => {
    const gateway = start([], { NODE_OPTIONS: `--import=${interrupter('SIGTERM')}` })
    assert.deepEqual(await gateway.ended, { code: 0, signal: null })
    assert.doesNotMatch(gateway.output, /listening/)
  })
})

/** A module that sends the process a signal as soon as somebody listens for it. */
function interrupter(signal: NodeJS.Signals): string {
  const source = `process.once('newListener', function look(name) {
    if (name === '${signal}') setImmediate(() => process.kill(process.pid, name))
    else process.once('newListener', look)
  })`
  return `data:text/javascript,${encodeURIComponent(source)}`
}
