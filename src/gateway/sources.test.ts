import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { MAX_BYTES } from '../config/index.js'
import { findSources } from './sources.js'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'gw-sources-'))
  for (const name of ['conf/sub', 'conf/..data', 'empty', 'links']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  const names = ['b.yml', 'a.yaml', 'c.json', 'notes.txt', '.hidden.yml', 'sub/d.yml', '[x]*.yml']
  for (const name of names) writeFileSync(join(folder, 'conf', name), name)
  symlinkSync('../conf/b.yml', join(folder, 'links/b.yml'))
  symlinkSync('nowhere', join(folder, 'links/broken.yml'))
  // A circle, which a search must not walk for ever.
  symlinkSync('..', join(folder, 'conf/sub/up'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

async function* stream(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece))
}

/** What is found, by names below the folder. */
async function find(...names: string[]): Promise<string[]> {
  const { sources, misses } = await findSources(
    names.map((name) => join(folder, name)),
    stream(),
  )
  assert.deepEqual(misses, [])
  return sources.map(({ file }) => relative(folder, file))
}

describe('the files of a command line', () => {
  it('are those that are named, in that order', async () => {
    assert.deepEqual(await find('conf/c.json', 'conf/b.yml'), ['conf/c.json', 'conf/b.yml'])
  })

  it('are those of a folder, without those of folders in it', async () => {
    const all = ['conf/[x]*.yml', 'conf/a.yaml', 'conf/b.yml', 'conf/c.json']
    assert.deepEqual(await find('conf'), all)
    assert.deepEqual(await find('conf/'), all)
  })

  it('are those that a pattern matches, sorted', async () => {
    assert.deepEqual(await find('conf/**/{b,d}.yml'), ['conf/b.yml', 'conf/sub/d.yml'])
  })

  it('are found by a pattern from the working folder', async () => {
    const here = relative(process.cwd(), folder)
    const { sources } = await findSources([join(here, 'conf/*.json')], stream())
    assert.deepEqual(
      sources.map(({ file }) => file),
      [join(here, 'conf/c.json')],
    )
  })

  it('include one whose name looks like a pattern', async () => {
    assert.deepEqual(await find('conf/[x]*.yml'), ['conf/[x]*.yml'])
  })

  it('are each taken once, whatever they are called', async () => {
    assert.deepEqual(await find('links/b.yml', 'conf/b.yml', 'conf/../conf/b.yml', 'conf/b.*'), [
      'links/b.yml',
    ])
  })

  it('include links, also those that lead nowhere', async () => {
    assert.deepEqual(await find('links'), ['links/b.yml', 'links/broken.yml'])
  })

  for (const [name, message] of [
    ['conf/*.toml', 'the pattern matches no file'],
    ['empty', 'the folder holds no .yml, .yaml or .json file'],
  ] as const) {
    it(`are missed by ${name}, which is said`, async () => {
      const file = join(folder, name)
      const { sources, misses } = await findSources([file], stream())
      assert.deepEqual(sources, [])
      assert.deepEqual(
        misses.map((miss) => [miss.file, miss.message]),
        [[file, message]],
      )
    })
  }

  it('are missed by an empty name, which is said', async () => {
    const { sources, misses } = await findSources([''], stream())
    assert.deepEqual(sources, [])
    assert.deepEqual(misses, [{ file: "''", message: 'an empty name stands for no file' }])
  })

  it('fail when they are read, not when they are looked for', async () => {
    const { sources } = await findSources([join(folder, 'absent.yml')], stream())
    await assert.rejects(Promise.resolve(sources[0]?.read()), /ENOENT/)
  })
})

describe('standard input', () => {
  it('is called <stdin>, may be JSON or YAML, and is read once', async () => {
    const { sources } = await findSources(['-', '-'], stream('{"a":', ' "\u00fc"}'))
    const [input, ...rest] = sources
    assert.equal(rest.length, 0)
    assert.equal(input?.file, '<stdin>')
    assert.equal(input.format, 'auto')
    assert.equal(await input.read(), '{"a": "\u00fc"}')
  })

  it('is read no further than what is refused for its length', async () => {
    const megabyte = 'a'.repeat(1024 * 1024)
    let given = 0
    async function* endless(): AsyncGenerator<Buffer> {
      for (; ; given++) yield await Promise.resolve(Buffer.from(megabyte))
    }
    const { sources } = await findSources(['-'], endless())
    await assert.rejects(Promise.resolve(sources[0]?.read()), ConfigError)
    assert.ok(given * megabyte.length <= MAX_BYTES + megabyte.length)
  })
})
