// The commands that ask about files, versions and what gw has no use for.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makePlace, type Place } from './place.js'

let place: Place
before(async () => {
  place = await makePlace()
})
after(() => place.remove())

const HINT = '\n\n  Run with --v (verbose) or --vv (debug) for more details\n'

describe('kong config', () => {
  it('parse takes a file that is right', async () => {
    const { code, output } = await place.kong(['config', 'parse', place.configFile])
    assert.deepEqual([code, output], [0, 'parse successful\n'])
  })

  it('parse says what is wrong, and where', async () => {
    place.writeConfig('_format_version: "3.0"\nservice: []\n')
    const { code, output } = await place.kong(['config', 'parse', place.configFile])
    assert.equal(code, 1)
    assert.match(output, /^Error: Failed parsing:\n.*kong\.yml:2:1 service: unknown field/)
    assert.ok(output.endsWith(HINT))
  })

  it('parse needs a file that is there', async () => {
    assert.match((await place.kong(['config', 'parse'])).output, /^Error: expected a declarative/)
    const { code, output } = await place.kong(['config', 'parse', '/no/such.yml'])
    assert.equal(code, 1)
    assert.match(output, /\/no\/such\.yml cannot be read/)
  })

  it('init writes an example that is right, and never over a file', async () => {
    const file = join(place.folder, 'example.yml')
    assert.equal((await place.kong(['config', 'init', file])).code, 0)
    assert.ok(existsSync(file))
    assert.equal((await place.kong(['config', 'parse', file])).code, 0)
    const { code, output } = await place.kong(['config', 'init', file])
    assert.equal(code, 1)
    assert.equal(output, `Error: ${file} already exists.\nWill not overwrite it.${HINT}`)
  })

  it('refuses what needs a database', async () => {
    const { code, output } = await place.kong(['config', 'db_import', 'kong.yml'])
    assert.equal(code, 1)
    assert.match(output, /^Error: 'kong config db_import' only works with a database\.$/m)
    assert.equal((await place.kong(['config', 'db_export'])).code, 1)
    const verbose = await place.kong(['config', 'db_import', '--v', 'kong.yml'])
    assert.match(verbose.output, /^ {4}at /m)
  })
})

describe('kong migrations', () => {
  for (const [command, said] of [
    ['bootstrap', 'Database already bootstrapped\n'],
    ['up', 'Database is already up-to-date\n'],
    ['finish', 'No pending migrations to finish\n'],
  ] as const) {
    it(`${command} holds nobody up who waits for it, whatever the database`, async () => {
      const env = { KONG_DATABASE: 'postgres', KONG_PG_HOST: 'db' }
      const { code, stdout, output } = await place.kong(['migrations', command, '-y'], env)
      assert.deepEqual([code, stdout], [0, said])
      assert.match(output, /gw has no database/)
    })
  }
})

describe('kong start', () => {
  it('refuses a database, and says what to do instead', async () => {
    const { code, output } = await place.kong(['start'], { KONG_DATABASE: 'postgres' })
    assert.equal(code, 1)
    assert.match(output, /^Error: KONG_DATABASE there is no database here .*set it to off/)
  })
})

describe('kong version', () => {
  it('is that of the Kong whose behaviour gw has, and -a tells of gw', async () => {
    assert.match((await place.kong(['version'])).output, /^3\.9\.\d+\n$/)
    const { output } = await place.kong(['version', '-a'])
    assert.match(output, /^Kong: 3\.9\.\d+\ngw: \d+\.\d+\.\d+\nNode\.js: /)
  })
})

describe('kong vault get', () => {
  it('prints what a reference leads to', async () => {
    for (const reference of ['env/the-secret', '{vault://env/the-secret}']) {
      const { output } = await place.kong(['vault', 'get', reference], { THE_SECRET: 'hunter2' })
      assert.equal(output, 'hunter2\n')
    }
    const { code, output } = await place.kong(['vault', 'get', 'env/none-such'])
    assert.equal(code, 1)
    assert.match(output, /^Error: could not get the value of \{vault:\/\/env\/none-such\}/)
  })
})
