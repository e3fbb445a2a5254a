// Habits of a file that a machine can see.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { projectRoot } from '../support/root.js'

/** About 300; beyond this a file is two. Tests may be longer. */
const MAX_LINES = 350

const sources = ['src', 'plugins', 'schemas', 'test'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
)

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8')
}

describe('source files', () => {
  it('open with a comment that says what they are for', () => {
    // A test is named after what it tests, and its titles say the rest.
    const silent = sources
      .filter((file) => !file.endsWith('.test.ts'))
      .filter((file) => !/^(#!.*\n)?\/[/*] ?/.test(read(file)))
    assert.deepEqual(silent, [])
  })

  it('stay short enough to be read at once', () => {
    const long = sources
      .filter((file) => !file.endsWith('.test.ts'))
      .filter((file) => read(file).trimEnd().split('\n').length > MAX_LINES)
    assert.deepEqual(long, [])
  })
})

describe('guides to plugins', () => {
  it('are each linked from the README', () => {
    const guides = readdirSync(join(projectRoot, 'plugins'), { recursive: true, encoding: 'utf8' })
      .filter((file) => basename(file) === 'README.md')
      .map((file) => `plugins/${dirname(file)}/README.md`)
    const readme = read('README.md')
    assert.ok(guides.length > 0)
    assert.deepEqual(
      guides.filter((guide) => !readme.includes(`(${guide})`)),
      [],
    )
  })
})
