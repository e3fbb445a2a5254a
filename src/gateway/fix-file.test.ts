import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fixFile } from './fix-file.js'

const BEFORE = '_format_version: 3.0 # v\nservices: []\n'
const AFTER = '_format_version: "3.0" # v\nservices: []\n'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gw-fix-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string | Buffer): string {
  const path = join(folder, 'kong.yml')
  writeFileSync(path, text)
  return path
}

describe('fixFile', () => {
  it('replaces the text and keeps the mode, with nothing left beside the file', async () => {
    const path = file(BEFORE)
    chmodSync(path, 0o640)
    const outcome = await fixFile(path, false)
    assert.ok(outcome && 'fixes' in outcome)
    assert.equal(outcome.after, AFTER)
    assert.equal(readFileSync(path, 'utf8'), AFTER)
    assert.equal(statSync(path).mode & 0o777, 0o640)
    assert.deepEqual(readdirSync(folder), ['kong.yml'])
  })

  it('writes where a symbolic link leads', async () => {
    const path = file(BEFORE)
    const link = join(folder, 'link.yml')
    symlinkSync('kong.yml', link)
    await fixFile(link, false)
    assert.ok(lstatSync(link).isSymbolicLink())
    assert.equal(readFileSync(path, 'utf8'), AFTER)
  })

  it('writes nothing in a dry run', async () => {
    const path = file(BEFORE)
    const outcome = await fixFile(path, true)
    assert.ok(outcome && 'after' in outcome)
    assert.equal(outcome.after, AFTER)
    assert.equal(readFileSync(path, 'utf8'), BEFORE)
  })

  it('does not replace a file that is right', async () => {
    const path = file(AFTER)
    const { ino } = statSync(path)
    await fixFile(path, false)
    assert.equal(statSync(path).ino, ino)
  })

  it('leaves bytes alone that are no text', async () => {
    const bytes = Buffer.concat([Buffer.from(BEFORE), Buffer.from([0x23, 0xff, 0x0a])])
    const path = file(bytes)
    assert.deepEqual(await fixFile(path, false), { file: path, refusal: 'not UTF-8' })
    assert.deepEqual(readFileSync(path), bytes)
  })

  it('leaves to the check what cannot be read or parsed', async () => {
    const path = file('a: b: c\n')
    assert.equal(await fixFile(path, false), null)
    assert.equal(await fixFile(join(folder, 'absent.yml'), false), null)
    assert.equal(readFileSync(path, 'utf8'), 'a: b: c\n')
  })

  it('reads no folder and no device', async () => {
    assert.deepEqual(await fixFile(folder, false), { file: folder, refusal: 'not a plain file' })
  })
})
