import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { projectRoot } from '../support/root.js'
import { CLASSES } from './cases/index.js'
import { SHORTFALLS, wayOf } from './shortfalls.js'
import { table } from './table.js'

const file = join(projectRoot, 'test/smuggling/README.md')
const START = '<!-- from the cases: `WRITE=1 node dist/test/smuggling/table.test.js` -->\n'

describe('the cases of request smuggling', () => {
  it('have the table in README.md', () => {
    const [before = ''] = readFileSync(file, 'utf8').split(START)
    const fresh = `${before}${START}\n${table(CLASSES)}\n`
    if (process.env.WRITE === '1') writeFileSync(file, fresh)
    assert.equal(readFileSync(file, 'utf8'), fresh)
  })

  it('are at least 200, each with a name of its own within its class', () => {
    const all = CLASSES.flatMap(({ name, cases }) => cases.map(([what]) => `${name}: ${what}`))
    assert.ok(all.length >= 200)
    assert.deepEqual(
      all.filter((one, i) => all.indexOf(one) !== i),
      [],
    )
  })

  it('send different bytes', () => {
    const all = CLASSES.flatMap(({ cases }) =>
      cases.map(([, sends]) => JSON.stringify([sends].flat())),
    )
    assert.deepEqual(
      all.filter((one, i) => all.indexOf(one) !== i),
      [],
    )
  })

  it('use every way to fall short that is described', () => {
    const used = new Set(
      CLASSES.flatMap(({ cases }) => cases.flatMap(([, , , uws]) => (uws ? [wayOf(uws)] : []))),
    )
    assert.deepEqual(
      Object.keys(SHORTFALLS).filter((way) => !used.has(way as keyof typeof SHORTFALLS)),
      [],
    )
  })
})
