// What systemd hears of a service of Type=notify, with a program in place of its own that writes down what it is told.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Child } from '../../support/child.js'
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

function start(env: Readonly<Record<string, string>>): Child {
  child = new Child(process.execPath, [gwCommand, 'start'], {
    ...place.env,
    NOTIFY_SOCKET: '/run/systemd/notify',
    ...env,
  })
  return child
}

describe('systemd', () => {
  it('hears when the gateway is ready, reloads and stops', async () => {
    const bin = join(place.folder, 'bin')
    const heard = join(place.folder, 'heard')
    mkdirSync(bin)
    writeFileSync(join(bin, 'systemd-notify'), `#!/bin/sh\necho "$@" >> '${heard}'\n`)
    chmodSync(join(bin, 'systemd-notify'), 0o755)
    const lines = (): readonly string[] =>
      existsSync(heard) ? readFileSync(heard, 'utf8').trimEnd().split('\n') : []
    const gateway = start({ PATH: `${bin}:${process.env.PATH ?? ''}` })
    await waitFor('READY', () => lines().length === 1, 20_000)
    await place.waitUntilReady()
    assert.equal((await place.gw(['reload'])).code, 0)
    await waitFor('READY again', () => lines().length === 3)
    assert.equal((await gateway.stop()).code, 0)
    const who = `--pid=${gateway.pid} `
    assert.deepEqual(
      lines().map((line) => line.replace(who, '').replace(/\d{6,}/, 'N')),
      ['READY=1', 'RELOADING=1 MONOTONIC_USEC=N', 'READY=1', 'STOPPING=1'],
    )
  })

  it('that cannot be told anything is no reason not to serve', async () => {
    const gateway = start({ PATH: '/no/such/folder' })
    await place.waitUntilReady()
    await waitFor('the warning', () => gateway.output.includes('systemd was not told'))
    assert.equal((await gateway.stop()).code, 0)
    assert.equal(gateway.output.split('systemd was not told').length, 2, 'it is said once')
  })
})
