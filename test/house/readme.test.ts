// What the README says about errors, commands and targets is so.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ERRORS } from '../../src/errors/codes.js'
import { projectRoot } from '../support/root.js'

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
const makefile = readFileSync(join(projectRoot, 'Makefile'), 'utf8')

describe('the README', () => {
  it('lists every error with its status and message, in the order of the table', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \| (\d+) \| (.*?) \|/gm)].map(
      ([, code, status, message]) => [code, Number(status), message],
    )
    // CONFIG is no answer to a request: it ends a command.
    const expected = Object.entries(ERRORS)
      .filter(([code]) => code !== 'CONFIG')
      .map(([code, { status, message }]) => [code, status, `\`${message}\``])
    assert.deepEqual(rows, expected)
  })

  it('names make targets that there are', () => {
    const named = [...readme.matchAll(/`make ([a-z0-9-]+)/g)].map(([, target = '']) => target)
    const unknown = named.filter((target) => !new RegExp(`^${target}:`, 'm').test(makefile))
    assert.ok(named.length > 0)
    assert.deepEqual(unknown, [])
  })

  it('links to files that there are', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
    assert.ok(links.length > 0)
    assert.deepEqual(
      links.filter((path) => !existsSync(join(projectRoot, path))),
      [],
    )
  })
})
