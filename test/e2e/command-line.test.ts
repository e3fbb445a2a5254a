// The commands as a shell sees them: output, exit code, and words that lead to the fault.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../support/child.js'
import { gwCommand } from '../support/root.js'

type Result = Awaited<ReturnType<typeof runToEnd>>

function gw(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  return runToEnd(process.execPath, [gwCommand, ...args], env)
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'gw-cli-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const GOOD = '_format_version: "3.0"\nservices:\n- name: a\n  url: http://127.0.0.1:9\n'
const WRONG = '_format_version: "3.0"\nservices:\n- name: a\n  url: http://127.0.0.1:9\n  prot: x\n'

interface Report {
  readonly valid: boolean
  readonly errors: readonly { path: string; line: number; column: number; message: string }[]
}

describe('gw print', () => {
  it('writes what gw reads as the same again', async () => {
    const first = await gw(['print', file('good.yml', GOOD)])
    assert.equal(first.code, 0)
    assert.match(first.stdout, /^services:\n- id: [0-9a-f-]{36}$/m)
    const again = await gw(['print', '--format', 'json', file('printed.yml', first.stdout)])
    const { services } = JSON.parse(again.stdout) as { services: readonly { id: string }[] }
    assert.ok(first.stdout.includes(`- id: ${services[0]?.id ?? 'none'}\n`))
  })

  it('exits with 1 and says what is wrong with the file', async () => {
    const { code, stdout, output } = await gw(['print', file('wrong.yml', WRONG)])
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.match(output, /wrong\.yml:5:3 services\[0\]\.prot: unknown field/)
  })
})

describe('gw validate', () => {
  it('exits with 0 for a good file', async () => {
    assert.equal((await gw(['validate', file('good.yml', GOOD)])).code, 0)
  })

  it('exits with 1 and says file, line, column and fault', async () => {
    const { code, output } = await gw(['validate', file('wrong.yml', WRONG)])
    assert.equal(code, 1)
    assert.match(output, /wrong\.yml:5:3\b.*services\[0\]\.prot.*unknown field/)
  })

  it('exits with 1 when one of several files is wrong', async () => {
    const files = [file('good.yml', GOOD), file('wrong.yml', WRONG)]
    assert.equal((await gw(['validate', ...files])).code, 1)
  })

  it('prints JSON for other programs', async () => {
    const { code, stdout } = await gw(['validate', '--format', 'json', file('wrong.yml', WRONG)])
    const report = JSON.parse(stdout) as Report
    assert.equal(code, 1)
    assert.equal(report.valid, false)
    const [error] = report.errors
    assert.equal(error?.path, 'services[0].prot')
    assert.equal(error.line, 5)
    assert.equal(error.column, 3)
    assert.equal(error.message, 'unknown field')
  })

  it('exits with 2 and names a file that is not there', async () => {
    const { code, output } = await gw(['validate', join(folder, 'absent.yml')])
    assert.equal(code, 2)
    assert.match(output, /absent\.yml/)
  })
})

describe('gw start', () => {
  const listeners = {
    KONG_PROXY_LISTEN: '127.0.0.1:0',
    KONG_ADMIN_LISTEN: 'off',
    KONG_STATUS_LISTEN: 'off',
  }

  it('exits with 1 and the place of the fault when the file is wrong', async () => {
    const { code, output } = await gw(['start', file('wrong.yml', WRONG)], listeners)
    assert.equal(code, 1)
    assert.match(output, /wrong\.yml:5:3/)
    assert.doesNotMatch(output, /^ {4}at /m)
  })

  it('exits with 1 and names a file that is not there', async () => {
    const { code, output } = await gw(['start', join(folder, 'absent.yml')], listeners)
    assert.equal(code, 1)
    assert.match(output, /absent\.yml/)
  })

  for (const [name, value] of [
    ['KONG_PROXY_LISTEN', 'nonsense'],
    ['KONG_LOG_LEVEL', 'loud'],
    ['KONG_TRUSTED_IPS', '10.0.0.0/99'],
  ] as const) {
    it(`exits with 1 and names the setting when ${name} is ${value}`, async () => {
      const env = { ...listeners, [name]: value }
      const { code, output } = await gw(['start', file('good.yml', GOOD)], env)
      assert.equal(code, 1)
      assert.match(output, new RegExp(name.slice('KONG_'.length), 'i'))
    })
  }
})

describe('gw', () => {
  it('prints its version', async () => {
    const { code, stdout } = await gw(['version'])
    assert.equal(code, 0)
    assert.match(stdout, /\d+\.\d+\.\d+/)
  })

  it('exits with 1 and the usage for an unknown command', async () => {
    const { code, output } = await gw(['statr'])
    assert.equal(code, 1)
    assert.match(output, /statr/)
  })
})
