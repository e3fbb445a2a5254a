// gw diff as a shell sees it: output, exit codes, and where a file comes from.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { gwCommand, projectRoot } from '../support/root.js'

const example = join(projectRoot, 'kong.yml.example')

let folder: Folder
before(() => {
  folder = makeFolder()
})
after(() => folder.remove())

function gw(...args: readonly string[]) {
  return runToEnd(process.execPath, [gwCommand, ...args])
}

/** A line of a shell, in which `gw` stands for the command. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const gwLine = line.replaceAll('gw ', `'${process.execPath}' '${gwCommand}' `)
  return runToEnd('sh', ['-c', gwLine], env)
}

/** The example with something said otherwise. */
function changed(name: string, from: string | RegExp, to: string): string {
  const text = readFileSync(example, 'utf8')
  const other = text.replace(from, to)
  assert.notEqual(other, text)
  return folder.write(name, other)
}

describe('gw diff', () => {
  it('exits with 0 for the same file, and for its canonical form', async () => {
    const { code, stdout } = await gw('diff', example, example)
    assert.equal(code, 0)
    assert.match(stdout, /: no change in meaning\n$/)
    const printed = await shell(`gw print '${example}' | gw diff '${example}' -`)
    assert.equal(printed.code, 0, printed.output)
  })

  it('exits with 1 for what adds, changes or tightens', async () => {
    for (const [from, to] of [
      [/minute: 5\n/, 'minute: 4\n'],
      [/retries: 2/, 'retries: 3'],
      [/ {2}- username: bob/, '  - username: new\n  - username: bob'],
    ] as const) {
      const { code, output } = await gw('diff', example, changed('one.yml', from, to))
      assert.equal(code, 1, output)
    }
  })

  it('exits with 3 when something is loosened, also beside what breaks', async () => {
    const now = changed('three.yml', /minute: 5\n/, 'minute: 50\n')
    const { code, stdout } = await gw('diff', example, now)
    assert.equal(code, 3)
    assert.match(stdout, /rate-limiting on .* for consumer 'bob' is loosened: minute 5 -> 50/)
    const both = folder.write('both.yml', readFileSync(now, 'utf8').replace('[/open]', '[/closed]'))
    assert.equal((await gw('diff', example, both)).code, 3)
  })

  it('exits with 4 when requests end elsewhere', async () => {
    const { code, stdout } = await gw('diff', example, changed('four.yml', '[/open]', '[/closed]'))
    assert.equal(code, 4)
    assert.match(stdout, /GET http:\/\/any\.test\/open is answered by no route any more/)
  })

  it('exits with 2 for a file that is wrong, and says so as gw validate does', async () => {
    const wrong = folder.write(
      'wrong.yml',
      '_format_version: "3.0"\nservices:\n- {nam: a, host: b}\n',
    )
    for (const args of [
      [wrong, example],
      [example, wrong],
    ]) {
      const { code, stdout, output } = await gw('diff', ...args)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(output, /wrong\.yml:3:4: error: services\[0\]\.nam: unknown field/)
    }
    const json = await gw('diff', '--format', 'json', wrong, wrong)
    assert.equal(json.code, 2)
    assert.equal((JSON.parse(json.stdout) as { errors: unknown[] }).errors.length, 2)
    const markdown = await gw('diff', '--format', 'markdown', wrong, example)
    assert.equal(markdown.code, 2)
    assert.match(markdown.stdout, /^### gw diff: the files cannot be compared\n/)
  })

  it('exits with 2 for what is no file, or more than one', async () => {
    for (const [name, words] of [
      [join(folder.path, 'absent.yml'), /absent\.yml: error: cannot be read/],
      [projectRoot, /stands for \d+ files; name one of them/],
    ] as const) {
      const { code, output } = await gw('diff', name, example)
      assert.equal(code, 2)
      assert.match(output, words)
    }
    const twice = await shell(`gw diff - - < '${example}'`)
    assert.equal(twice.code, 2)
    assert.match(twice.output, /both files cannot come from standard input/)
  })

  it('exits with 2 for settings that are wrong', async () => {
    const { code, output } = await shell(`gw diff '${example}' '${example}'`, {
      KONG_DATABASE: 'x',
    })
    assert.equal(code, 2)
    assert.match(output, /KONG_DATABASE/)
  })

  it('reads standard input as YAML or JSON', async () => {
    const now = changed('five.yml', 'retries: 2', 'retries: 3')
    const { code, stdout } = await shell(`gw print --format json '${now}' | gw diff '${now}' -`)
    assert.equal(code, 0, stdout)
    assert.match(stdout, /-> <stdin>: no change/)
  })

  it('prints JSON and Markdown for other programs, with the same exit codes', async () => {
    const now = changed('six.yml', '[/open]', '[/closed]')
    const json = await gw('diff', '--format', 'json', example, now)
    assert.equal(json.code, 4)
    const report = JSON.parse(json.stdout) as { verdict: string; exitCode: number }
    assert.deepEqual([report.verdict, report.exitCode], ['breaking', 4])
    const markdown = await gw('diff', '--format', 'markdown', example, now)
    assert.equal(markdown.code, 4)
    assert.match(markdown.stdout, /^### gw diff: requests are refused or end elsewhere\n/)
  })

  it('compares routes by expression by their text, under the flavour that has them', async () => {
    const text = (routes: string) => `_format_version: "3.0"\nroutes: [${routes}]\n`
    const old = folder.write('expression.yml', text(`{name: a, expression: 'http.path == "/a"'}`))
    const now = folder.write('none.yml', text(''))
    const flavour = { KONG_ROUTER_FLAVOR: 'expressions' }
    const { code, stdout } = await shell(`gw diff '${old}' '${now}'`, flavour)
    assert.equal(code, 4, stdout)
    assert.match(stdout, /route 'a' is gone/)
    assert.match(
      stdout,
      /note: routes by expression, or that this version does not serve, were compared by their text alone: 1/,
    )
    assert.equal((await shell(`gw diff '${old}' '${now}'`)).code, 2)
  })

  it('puts variables in where it is asked to', async () => {
    const text = (url: string) => `_format_version: "3.0"\nservices: [{name: a, url: "${url}"}]\n`
    const old = folder.write('plain.yml', text('http://a.test'))
    const now = folder.write('variable.yml', text('${URL}'))
    const { code, output } = await shell(`gw diff --expand-env '${old}' '${now}'`, {
      URL: 'http://a.test',
    })
    assert.equal(code, 0, output)
  })
})
