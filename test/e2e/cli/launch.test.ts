// Which form of a command runs: a build in small, with commands that say what they are.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { projectRoot } from '../../support/root.js'

const BUNDLED_AT = new Date(2026, 0, 1)

describe('a command', () => {
  let folder: Folder

  beforeEach(() => {
    folder = makeFolder()
    folder.write('package.json', '{"type":"module"}')
    mkdirSync(join(folder.path, 'dist/src/cli'), { recursive: true })
    mkdirSync(join(folder.path, 'dist/bundle'))
    for (const name of ['main', 'kong', 'launch']) {
      const file = `dist/src/cli/${name}.js`
      cpSync(join(projectRoot, file), join(folder.path, file))
    }
    for (const name of ['gw', 'kong']) {
      folder.write(`dist/src/cli/${name}-command.js`, `console.log('modules of ${name}')`)
      writeBundle(name)
    }
  })

  afterEach(() => folder.remove())

  function writeBundle(name: string): void {
    const file = folder.write(`dist/bundle/${name}.js`, `console.log('bundle of ${name}')`)
    utimesSync(file, BUNDLED_AT, BUNDLED_AT)
  }

  function compileAt(time: Date): void {
    utimesSync(folder.write('dist/.tsbuildinfo', ''), time, time)
  }

  async function run(file: string): Promise<string> {
    const { output } = await runToEnd(process.execPath, [join(folder.path, 'dist/src/cli', file)])
    return output.trim()
  }

  it('runs from the bundle in a package', async () => {
    assert.equal(await run('main.js'), 'bundle of gw')
    assert.equal(await run('kong.js'), 'bundle of kong')
  })

  it('runs from the bundle that was made of what is compiled', async () => {
    compileAt(new Date(BUNDLED_AT.getTime() - 1_000))
    assert.equal(await run('main.js'), 'bundle of gw')
  })

  it('runs what has been compiled since', async () => {
    compileAt(new Date(BUNDLED_AT.getTime() + 1_000))
    assert.equal(await run('main.js'), 'modules of gw')
    assert.equal(await run('kong.js'), 'modules of kong')
  })

  it('runs what is compiled when there is no bundle', async () => {
    cpSync(join(folder.path, 'dist/src/cli'), join(folder.path, 'alone/src/cli'), {
      recursive: true,
    })
    const { output } = await runToEnd(process.execPath, [
      join(folder.path, 'alone/src/cli/main.js'),
    ])
    assert.equal(output.trim(), 'modules of gw')
  })
})
