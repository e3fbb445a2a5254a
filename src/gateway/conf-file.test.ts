import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigError, formatProblem } from '../errors/config-error.js'
import { makeFolder } from '../../test/support/folder.js'
import { confLine, findConf, parseConf } from './conf-file.js'

function read(text: string): (readonly [name: string, value: string, line: number])[] {
  return parseConf(text, 'kong.conf').entries.map(({ name, value, line }) => [name, value, line])
}

function faultsOf(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map(formatProblem)
  }
  return assert.fail('it was accepted')
}

describe('kong.conf', () => {
  it('is read as names and values, with their lines', () => {
    const text = '# first\n\nlog_level = debug\nproxy_listen=0.0.0.0:8000, 0.0.0.0:8443 ssl  \n'
    assert.deepEqual(read(text), [
      ['log_level', 'debug', 3],
      ['proxy_listen', '0.0.0.0:8000, 0.0.0.0:8443 ssl', 4],
    ])
  })

  it('may have comments behind values, and a # in them', () => {
    assert.deepEqual(read('prefix = /a # here\npg_password = a\\#b # c\nplugins = #none'), [
      ['prefix', '/a', 1],
      ['pg_password', 'a#b', 2],
      ['plugins', '', 3],
    ])
  })

  it('may come from Windows, with a mark at its beginning', () => {
    assert.deepEqual(read('\uFEFFlog_level = info\r\nprefix = /a\r\n'), [
      ['log_level', 'info', 1],
      ['prefix', '/a', 2],
    ])
  })

  it('goes on on the next line behind a backslash', () => {
    assert.deepEqual(read('plugins = bundled,\\\n  mine\nprefix = /a'), [
      ['plugins', 'bundled,  mine', 1],
      ['prefix', '/a', 3],
    ])
  })

  it('takes names in any case', () => {
    assert.deepEqual(read('Log_Level = info'), [['log_level', 'info', 1]])
  })

  it('keeps what stands behind the first =', () => {
    assert.deepEqual(read('a = b=c'), [['a', 'b=c', 1]])
  })

  it('names every line that is none, and does not show it', () => {
    assert.deepEqual(
      faultsOf(() => read('log_level\nprefix = /a\n= b\nsecret words here')),
      [1, 3, 4].map((line) => `kong.conf:${line}:1 expected \`name = value\``),
    )
  })

  it('reads what was written', () => {
    assert.deepEqual(read(confLine('headers', 'a # b')), [['headers', 'a # b', 1]])
  })
})

describe('looking for kong.conf', () => {
  it('takes the first of the usual places that is there', () => {
    const folder = makeFolder()
    const there = folder.write('kong.conf', 'prefix = /a')
    assert.equal(findConf(undefined, [join(folder.path, 'none'), there])?.path, there)
    assert.equal(findConf(undefined, [join(folder.path, 'none')]), null)
    folder.remove()
  })

  it("refuses one that is named and not there, in Kong's words", () => {
    assert.deepEqual(
      faultsOf(() => findConf('/no/such.conf')),
      ['no file at: /no/such.conf'],
    )
  })

  it('refuses what is no file', () => {
    const [fault = ''] = faultsOf(() => findConf('/tmp'))
    assert.match(fault, /^\/tmp cannot be read: EISDIR/)
  })
})
