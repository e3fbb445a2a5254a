// What the README says about errors, commands and targets is so.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigError } from '../../src/errors/config-error.js'
import { RULE_NAMES } from '../../src/gateway/lint/lint.js'
import { readSettings } from '../../src/gateway/settings.js'
import { ERRORS } from '../../src/errors/codes.js'
import { projectRoot } from '../support/root.js'

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
const makefile = readFileSync(join(projectRoot, 'Makefile'), 'utf8')

/** A variable that is refused for its value is one that is understood. */
function isUnderstood(name: string): boolean {
  try {
    return !readSettings({ [name]: 'a value' }).ignored.includes(name)
  } catch (error) {
    if (error instanceof ConfigError) return true
    throw error
  }
}

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

  describe('in its table of settings', () => {
    const rows = [...readme.matchAll(/^\| `((?:KONG|GW)_[A-Z_]+)` \| (?:`(.*?)`)? *\|/gm)].map(
      ([, name = '', value = '']) => ({ name, value }),
    )

    it('names only what is understood', () => {
      assert.ok(rows.length > 0)
      assert.deepEqual(
        rows.map(({ name }) => name).filter((name) => !isUnderstood(name)),
        [],
      )
    })

    it('gives the defaults that apply', () => {
      const written = rows
        .filter(({ value }) => value !== '')
        .map(({ name, value }) => [name, value])
      const environment = Object.fromEntries(written) as Record<string, string>
      assert.deepEqual(readSettings(environment), readSettings({}))
    })
  })

  it('explains every rule that warnings name', () => {
    const section = readme.split('### Warnings\n')[1]?.split('\n## ')[0] ?? ''
    const rules = [...section.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, rule]) => rule)
    assert.deepEqual(new Set(rules), RULE_NAMES)
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
