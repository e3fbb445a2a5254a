// The commands as a shell sees them: output, exit code, and words that lead to the fault.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../support/child.js'
import { gwCommand, projectRoot } from '../support/root.js'

type Result = Awaited<ReturnType<typeof runToEnd>>

function gw(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  return runToEnd(process.execPath, [gwCommand, ...args], env)
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'gw-cli-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** A line of a shell, in which `gw` stands for the command. */
function shell(line: string, env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const gwLine = line.replaceAll('gw ', `'${process.execPath}' '${gwCommand}' `)
  return runToEnd('sh', ['-c', gwLine], env)
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const GOOD = '_format_version: "3.0"\nservices:\n- name: a\n  url: http://127.0.0.1:9\n'
const WRONG = '_format_version: "3.0"\nservices:\n- name: a\n  url: http://127.0.0.1:9\n  prot: x\n'
/** Valid, with a warning. */
const DOUBTFUL = `${GOOD}plugins: [{name: cors, config: {credentials: true}}]\n`

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

  it('exits with 1 for a warning only when it is strict', async () => {
    const doubtful = file('doubtful.yml', DOUBTFUL)
    const { code, output } = await gw(['validate', doubtful])
    assert.equal(code, 0)
    assert.match(output, /warning: plugins\[0\].*\[cors-credentials-wildcard\]/)
    assert.equal((await gw(['validate', '--strict', doubtful])).code, 1)
    assert.equal((await gw(['validate', '--strict', file('good.yml', GOOD)])).code, 0)
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

describe('gw validate in other formats', () => {
  it('prints workflow commands, with names from the root of the repository', async () => {
    const args = ['validate', '--format', 'github', file('wrong.yml', WRONG)]
    const { code, stdout } = await gw(args, { GITHUB_WORKSPACE: folder })
    assert.equal(code, 1)
    assert.match(stdout, /^::error file=wrong\.yml,line=5,col=3,title=invalid-config::.*\n$/)
  })

  it('prints SARIF', async () => {
    const args = ['validate', '--format', 'sarif', file('wrong.yml', WRONG)]
    const { code, stdout } = await gw(args, { GITHUB_WORKSPACE: folder })
    assert.equal(code, 1)
    const sarif = JSON.parse(stdout) as { runs: { results: { locations: unknown }[] }[] }
    assert.deepEqual(sarif.runs[0]?.results[0]?.locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: 'wrong.yml' },
          region: { startLine: 5, startColumn: 3 },
        },
        logicalLocations: [{ fullyQualifiedName: 'services[0].prot' }],
      },
    ])
  })

  it('prints JUnit, also for a good file', async () => {
    const files = [file('good.yml', GOOD), file('wrong.yml', WRONG)]
    const { code, stdout } = await gw(['validate', '--format', 'junit', ...files])
    assert.equal(code, 1)
    assert.match(stdout, /<testsuites name="gw validate" tests="2" failures="1" errors="0"/)
  })

  it('prints nothing else, for programs that read it', async () => {
    for (const format of ['json', 'sarif', 'junit', 'github']) {
      const { output, stdout } = await gw(['validate', '--format', format, file('w.yml', WRONG)])
      assert.equal(output, stdout)
    }
  })

  it('has colours when they are asked for, and none in a pipe', async () => {
    const args = ['validate', file('wrong.yml', WRONG)]
    assert.match((await gw(args, { FORCE_COLOR: '1' })).output, /\x1b\[31m/)
    assert.doesNotMatch((await gw(args, { FORCE_COLOR: '0' })).output, /\x1b/)
  })

  it('says with --quiet what is wrong, and nothing else', async () => {
    const path = file('doubtful.yml', DOUBTFUL)
    assert.match((await gw(['validate', path])).output, /warning: plugins\[0\]/)
    assert.deepEqual(await gw(['validate', '--quiet', path]), { code: 0, stdout: '', output: '' })
    assert.match((await gw(['validate', '-q', file('wrong.yml', WRONG)])).output, /1 error in/)
  })
})

describe('gw validate for many files', () => {
  it('takes patterns and folders, and each file once', async () => {
    mkdirSync(join(folder, 'many/sub'), { recursive: true })
    file('many/a.yml', GOOD)
    file('many/sub/b.yml', WRONG)
    const names = [join(folder, 'many/**/*.yml'), join(folder, 'many'), join(folder, 'many/a.yml')]
    const { code, output } = await gw(['validate', ...names])
    assert.equal(code, 1)
    assert.match(output, /1 error in 1 of 2 files/)
    const good = await gw(['validate', join(folder, 'many')])
    assert.deepEqual([good.code, good.stdout], [0, `${join(folder, 'many/a.yml')}: valid\n`])
  })

  it('exits with 2 and names a pattern that matches nothing, also when a file is wrong', async () => {
    const names = [join(folder, 'no*.toml'), file('wrong.yml', WRONG)]
    const { code, output } = await gw(['validate', ...names])
    assert.equal(code, 2)
    assert.match(output, /no\*\.toml: error: the pattern matches no file/)
    assert.match(output, /wrong\.yml:5:3/)
  })

  it('reads standard input, JSON or YAML', async () => {
    const yaml = await shell(`gw validate - < '${file('wrong.yml', WRONG)}'`)
    assert.equal(yaml.code, 1)
    assert.match(yaml.output, /^<stdin>:5:3: error/)
    const json = await shell(`echo '{"_format_version": "3.0"}' | gw validate -`)
    assert.deepEqual(json, { code: 0, stdout: '<stdin>: valid\n', output: '<stdin>: valid\n' })
  })

  it('takes the file of the settings when none is named', async () => {
    const env = { KONG_DECLARATIVE_CONFIG: file('wrong.yml', WRONG) }
    const { code, output } = await gw(['validate'], env)
    assert.equal(code, 1)
    assert.match(output, /wrong\.yml:5:3/)
  })

  it('exits with 2 and says what to do when there is none at all', async () => {
    const env = { KONG_DECLARATIVE_CONFIG: '', GW_DECLARATIVE_CONFIG: '' }
    const { code, output } = await gw(['validate'], env)
    assert.equal(code, 2)
    assert.match(output, /no declarative file .*KONG_DECLARATIVE_CONFIG/)
  })

  it('exits with 2 for settings and plugins that cannot be read', async () => {
    const good = file('good.yml', GOOD)
    for (const [name, value] of [
      ['KONG_LOG_LEVEL', 'loud'],
      ['KONG_PLUGINS', 'bundled,absent'],
    ] as const) {
      const { code, stdout, output } = await gw(['validate', good], { [name]: value })
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(output, /^Error: .*(?:loud|absent)/)
      assert.doesNotMatch(output, /^ {4}at /m)
    }
  })
})

describe('a reader of a long report', () => {
  const services = Array.from(
    { length: 3_000 },
    (_, i) => `- {name: s${i}, url: 'http://127.0.0.1:9', prot: x}`,
  )
  const long = `_format_version: "3.0"\nservices:\n${services.join('\n')}\n`

  it('gets all of it through a pipe', async () => {
    const path = file('long.yml', long)
    const { stdout } = await shell(`gw validate --format json '${path}' | (sleep 0.2; cat)`)
    const { errors } = JSON.parse(stdout) as Report
    // After a thousand, one more says that there are others.
    assert.equal(errors.length, 1_001)
    assert.match(errors.at(-1)?.message ?? '', /more faults/)
  })

  it('may leave early without a complaint, and the exit code stays', async () => {
    const path = file('long.yml', long)
    const line = `{ gw validate --format json '${path}'; echo "code $?" >&2; } | head -n 1`
    assert.equal((await shell(line)).output.replace('{\n', ''), 'code 1\n')
  })
})

describe('gw schema', () => {
  it('prints the published schema', async () => {
    const { code, stdout } = await gw(['schema'])
    assert.equal(code, 0)
    assert.equal(stdout, readFileSync(join(projectRoot, 'schemas/kong.schema.json'), 'utf8'))
  })

  it("knows a plugin of one's own, in the whole and alone", async () => {
    file(
      'shout.mjs',
      `export default { name: 'shout', version: '1.0.0', priority: 1, schema: { type: 'object', required: ['text'],
        properties: { text: { type: 'string', default: 'hi', description: 'What is shouted' } } } }`,
    )
    const env = { GW_PLUGIN_PATH: folder, KONG_PLUGINS: 'bundled,shout' }
    const whole = await gw(['schema'], env)
    assert.match(whole.stdout, /What is shouted/)
    const { stdout } = await gw(['schema', '--plugin', 'shout'], env)
    assert.deepEqual(JSON.parse(stdout), {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Configuration of the plugin shout',
      type: 'object',
      required: [],
      properties: { text: { type: 'string', default: 'hi', description: 'What is shouted' } },
    })
  })

  it('exits with 1 and a proposal for a plugin that is not there', async () => {
    const { code, output } = await gw(['schema', '--plugin', 'key-auht'])
    assert.equal(code, 1)
    assert.equal(output, "Error: no plugin 'key-auht' (did you mean key-auth?)\n")
  })
})

describe('gw validate --fix', () => {
  const MISTAKEN = '_format_version: 3.0\nservices:\n- name: a # the one\n  url: ws://127.0.0.1:9\n'
  const MENDED =
    '_format_version: "3.0"\nservices:\n- name: a # the one\n  url: http://127.0.0.1:9\n'

  it('mends the file, says what and where, and then checks it', async () => {
    const path = file('mistaken.yml', MISTAKEN)
    const { code, output } = await gw(['validate', '--fix', path])
    assert.equal(code, 0)
    assert.match(output, /mistaken\.yml:1:18: fixed: _format_version: put in quotes/)
    assert.match(output, /mistaken\.yml:4:8: fixed: services\[0\]\.url: now http/)
    assert.match(output, /mistaken\.yml: valid/)
    assert.equal(readFileSync(path, 'utf8'), MENDED)
  })

  it('still names what it cannot mend', async () => {
    const path = file('beyond.yml', `${MISTAKEN}  prot: x\n`)
    const { code, output } = await gw(['validate', '--fix', path])
    assert.equal(code, 1)
    assert.match(output, /beyond\.yml:5:3\b.*services\[0\]\.prot.*unknown field/)
    assert.equal(readFileSync(path, 'utf8'), `${MENDED}  prot: x\n`)
  })

  it('prints the difference and writes nothing with --dry-run', async () => {
    const path = file('mistaken.yml', MISTAKEN)
    const { code, stdout } = await gw(['validate', '--fix', '--dry-run', path])
    assert.equal(code, 0)
    assert.ok(stdout.startsWith(`--- ${path}\n+++ ${path}\n@@ -1,4 +1,4 @@\n`), stdout)
    assert.match(stdout, /^-_format_version: 3\.0\n\+_format_version: "3\.0"$/m)
    assert.equal(readFileSync(path, 'utf8'), MISTAKEN)
  })

  it('leaves standard output to the report for programs', async () => {
    const path = file('mistaken.yml', MISTAKEN)
    const { stdout } = await gw(['validate', '--fix', '--dry-run', '--format', 'json', path])
    assert.equal((JSON.parse(stdout) as Report).valid, true)
  })

  it('refuses --dry-run alone', async () => {
    const { code, output } = await gw(['validate', '--dry-run', file('good.yml', GOOD)])
    assert.equal(code, 1)
    assert.match(output, /--dry-run goes with --fix/)
  })

  it('exits with 1 for a file it cannot replace', async () => {
    const path = join(folder, 'bytes.yml')
    const bytes = Buffer.concat([Buffer.from(GOOD), Buffer.from([0x23, 0xff, 0x0a])])
    writeFileSync(path, bytes)
    const { code, output } = await gw(['validate', '--fix', path])
    assert.equal(code, 1)
    assert.match(output, /bytes\.yml: not fixed: not UTF-8/)
    assert.deepEqual(readFileSync(path), bytes)
  })
})

describe('gw start', () => {
  const listeners = {
    KONG_PROXY_LISTEN: '127.0.0.1:0',
    KONG_ADMIN_LISTEN: 'off',
    KONG_STATUS_LISTEN: 'off',
    KONG_PREFIX: join(tmpdir(), `gw-cli-prefix-${process.pid}`),
  }
  after(() => rmSync(listeners.KONG_PREFIX, { recursive: true, force: true }))

  it('exits with 1 and the place of the fault when the file is wrong', async () => {
    const { code, output } = await gw(['start', file('wrong.yml', WRONG)], listeners)
    assert.equal(code, 1)
    assert.match(output, /wrong\.yml:5:3/)
    assert.doesNotMatch(output, /^ {4}at /m)
  })

  it('keeps from the terminal what a file would have it obey', async () => {
    const text = GOOD.replace('url', '"\\e[31m\\u009b": 1\n  url')
    const { code, output } = await gw(['start', file('evil.yml', text)], listeners)
    assert.equal(code, 1)
    assert.match(output, /services\[0\]\.\\x1b\[31m\\x9b: unknown field/)
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
