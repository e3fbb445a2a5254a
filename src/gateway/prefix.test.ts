import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { makeFolder, type Folder } from '../../test/support/folder.js'
import { parseConf } from './conf-file.js'
import { placeOf, userPrefix } from './prefix-place.js'
import { IN_PREFIX, preparePrefix, strangerIn, writeSettings } from './prefix.js'
import { recordReload, waitForReload } from './reload-record.js'
import { claimPrefix, findRunning, runningIn } from './running.js'
import { collectSettings } from './setting-sources.js'

let folder: Folder
let prefix: string
beforeEach(() => {
  folder = makeFolder()
  prefix = join(folder.path, 'a/prefix')
})
afterEach(() => folder.remove())

const prepared = (): string => {
  assert.equal(preparePrefix(placeOf(prefix), {}).path, prefix)
  return prefix
}

describe('a prefix', () => {
  it('is made for its owner alone, with room for ids and logs', () => {
    prepared()
    assert.equal(statSync(prefix).mode & 0o777, 0o700)
    assert.ok(statSync(join(prefix, 'pids')).isDirectory())
    assert.ok(statSync(join(prefix, 'logs')).isDirectory())
  })

  it('that was asked for and is a file is an error that says so', () => {
    mkdirSync(join(folder.path, 'a'))
    writeFileSync(prefix, '')
    assert.throws(() => preparePrefix(placeOf(prefix), {}), {
      message: new RegExp(`the prefix ${prefix} cannot be used: it is not a directory`),
    })
  })

  it("gives way to a folder of this user's where the default cannot be written", () => {
    writeFileSync(join(folder.path, 'taken'), '')
    const place = { path: join(folder.path, 'taken/kong'), isDefault: true }
    const { path, notice } = preparePrefix(place, { XDG_RUNTIME_DIR: folder.path })
    assert.equal(path, join(folder.path, 'gw'))
    assert.equal(statSync(path).mode & 0o777, 0o700)
    assert.match(notice ?? '', /KONG_PREFIX or --prefix/)
  })

  it('never takes a link, which may be a trap', () => {
    symlinkSync(folder.path, join(folder.path, 'gw'))
    assert.equal(strangerIn(join(folder.path, 'gw')), 'it is not a directory')
    writeFileSync(join(folder.path, 'taken'), '')
    const place = { path: join(folder.path, 'taken/kong'), isDefault: true }
    const { path, notice } = preparePrefix(place, { XDG_RUNTIME_DIR: folder.path })
    assert.equal(path, null)
    assert.match(notice ?? '', /there is no prefix/)
  })

  it('lies in a folder of the runtime directory, or in a temporary one named after the user', () => {
    assert.equal(userPrefix({ XDG_RUNTIME_DIR: '/run/user/1' }), '/run/user/1/gw')
    assert.match(userPrefix({}), /\/gw-\d+$/)
  })

  it('keeps the settings for its owner to read, without secrets', () => {
    const values = { log_level: 'info', headers: 'a#b', ssl_cert_key: '******', ssl_cert: 'a\nb' }
    writeSettings(prepared(), { ...values, declarative_config: '' })
    const file = join(prefix, IN_PREFIX.settings)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const { entries } = parseConf(readFileSync(file, 'utf8'), file)
    assert.deepEqual(
      entries.map(({ name, value }) => [name, value]),
      [
        ['log_level', 'info'],
        ['headers', 'a#b'],
      ],
    )
  })
})

describe('the running gateway of a prefix', () => {
  const record = (text: string): void => writeFileSync(join(prefix, IN_PREFIX.process), text)

  it("is found by its record, and Kong's pid file names it", () => {
    const release = claimPrefix(prepared(), 'gw')
    assert.equal(runningIn(prefix)?.pid, process.pid)
    assert.equal(readFileSync(join(prefix, IN_PREFIX.pid), 'utf8'), `${process.pid}\n`)
    release()
    assert.equal(runningIn(prefix), null)
    assert.ok(!existsSync(join(prefix, IN_PREFIX.pid)))
  })

  it('keeps a second one out', () => {
    prepared()
    const parent = process.ppid
    const stat = readFileSync(`/proc/${parent}/stat`, 'latin1')
    const birth = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    record(`${parent} ${birth}\n`)
    assert.throws(() => claimPrefix(prefix, 'Kong'), {
      message: `Kong is already running in ${prefix}`,
    })
  })

  it('is none when another program has got its id', () => {
    prepared()
    record(`${process.ppid} 1\n`)
    assert.equal(runningIn(prefix), null)
    claimPrefix(prefix, 'gw')()
  })

  it('is none when its process has gone, or the record is none', () => {
    prepared()
    for (const text of ['4194305 1\n', 'nonsense', '']) {
      record(text)
      assert.equal(runningIn(prefix), null)
    }
  })

  it('is none where there is no folder', () => {
    assert.equal(runningIn(join(folder.path, 'absent')), null)
  })

  it('may have left its record to a later one', () => {
    const release = claimPrefix(prepared(), 'gw')
    record(`${process.ppid} 1\n`)
    release()
    assert.ok(existsSync(join(prefix, IN_PREFIX.process)))
  })

  it("is looked for in the user's own folder, too, when no prefix is named", () => {
    const own = join(folder.path, 'gw')
    preparePrefix(placeOf(own), {})
    const release = claimPrefix(own, 'gw')
    const environment = { XDG_RUNTIME_DIR: folder.path }
    assert.equal(findRunning(collectSettings({ environment }), environment).prefix, own)
    const named = { ...environment, KONG_PREFIX: prefix }
    assert.equal(findRunning(collectSettings({ environment: named }), named).prefix, prefix)
    release()
  })
})

describe('the outcome of a reload', () => {
  const running = () => ({ prefix, pid: process.pid, birth: '' })

  it('reaches who asked before it began', async () => {
    recordReload(prepared(), { ok: false, message: 'kong.yml:1:2 no', at: 10 })
    const outcome = await waitForReload(running(), 10, 0)
    assert.deepEqual([outcome?.ok, outcome?.message], [false, 'kong.yml:1:2 no'])
  })

  it('of an earlier one is not taken for it', async () => {
    recordReload(prepared(), { ok: true, message: '', at: 10 })
    assert.equal(await waitForReload(running(), 11, 0), null)
  })

  it('is a failure when the process has gone', async () => {
    prepared()
    const outcome = await waitForReload({ prefix, pid: 4194305, birth: '1' }, 1, 1_000)
    assert.deepEqual(outcome, { ok: false, message: 'the process ended' })
  })

  it('is none yet when the record is not whole', async () => {
    prepared()
    for (const text of ['{"ok":tr', 'null', '{"ok":true}']) {
      writeFileSync(join(prefix, IN_PREFIX.reload), text)
      assert.equal(await waitForReload(running(), 0, 0), null)
    }
  })
})
