// What large files cost, and what files made to hurt may cost. It is CPU time that counts, which other work on the
// machine leaves alone, and margins are generous: most need a quarter of them.
import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { bigConfig } from '../support/big-config.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { gwCommand } from '../support/root.js'

const GATEWAY = new URL('../../src/gateway/', import.meta.url).href

interface Cost {
  readonly messages: readonly string[]
  readonly cpuSeconds: number
  readonly megabytes: number
}

/** Checks the file in a process of its own. */
async function validate(file: string): Promise<Cost> {
  const script = `
    const { findFiles, validateFiles } = await import('${GATEWAY}validate.js')
    const { readSettings } = await import('${GATEWAY}settings.js')
    const settings = readSettings({})
    const found = await findFiles([${JSON.stringify(file)}], settings, process.stdin)
    const { errors } = await validateFiles(found, settings)
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    const messages = errors.slice(0, 3).map(({ message }) => message)
    const cost = { messages, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }
    process.stdout.write(JSON.stringify(cost))`
  const { stdout, output } = await runToEnd(process.execPath, ['--input-type=module', '-e', script])
  assert.notEqual(stdout, '', output)
  return JSON.parse(stdout) as Cost
}

let folder: Folder
before(() => {
  folder = makeFolder()
})
after(() => {
  folder.remove()
})

describe('a file of 10,000 services', () => {
  it('is checked in seconds and within 400 MB', async () => {
    const { messages, cpuSeconds, megabytes } = await validate(
      folder.write('big.yml', bigConfig(10_000)),
    )
    assert.deepEqual(messages, [])
    assert.ok(cpuSeconds < 4, `${cpuSeconds} s`)
    assert.ok(megabytes < 400, `${megabytes} MB`)
  })
})

const HEAD = '_format_version: "3.0"\n'

function list(length: number, item: (index: number) => string): string {
  return Array.from({ length }, (_, index) => item(index)).join('')
}

const BOMBS: readonly (readonly [
  title: string,
  name: string,
  text: () => string,
  message: RegExp,
])[] = [
  [
    'aliases of aliases',
    'laughs.yml',
    () =>
      `a0: &a0 [x, x]\n${list(11, (i) => `a${i + 1}: &a${i + 1} [${list(10, () => `*a${i}, `)}]\n`)}`,
    /more than 3000000 values, with those that aliases repeat/,
  ],
  [
    'merges of merges',
    'merges.yml',
    () =>
      `a0: &a0 {${list(1000, (i) => `k${i}: 1, `)}}\n` +
      list(200, (i) => `a${i + 1}: &a${i + 1} {<<: [${list(100, () => `*a${i}, `)}]}\n`),
    /merge keys exceeded/,
  ],
  ['brackets', 'deep.yml', () => `a: ${'['.repeat(2_000_000)}`, /nesting exceeded/],
  ['brackets in JSON', 'deep.json', () => '['.repeat(2_000_000), /nested more than 100 deep/],
  [
    'a million keys',
    'keys.yml',
    () => HEAD + list(1_000_000, (i) => `k${i}: 1\n`),
    /more than 10000 keys/,
  ],
  [
    'a million keys in JSON',
    'keys.json',
    () => `{${list(999_999, (i) => `"k${i}":1,`)}"z":1}`,
    /more than 10000 keys/,
  ],
  [
    'a million faults',
    'faults.yml',
    () => `${HEAD}services:\n${list(300_000, () => '- {name: a b, port: x, prt: 1}\n')}`,
    /required field missing/,
  ],
  [
    'faults on one long line',
    'line.yml',
    () => `${HEAD}services: [${list(200_000, () => '{hots: a.test},')}]\n`,
    /required field missing/,
  ],
  [
    'empty lines',
    'lines.yml',
    () => `${HEAD}${'\n'.repeat(30_000_000)}a: [`,
    /more than 4000000 lines/,
  ],
  [
    'a number without an end',
    'number.yml',
    () => `${HEAD}a: ${'1_'.repeat(10_000_000)}\n`,
    /unknown field/,
  ],
  ['a tag without an end', 'tag.yml', () => `${HEAD}a: !${'x'.repeat(10_000_000)} 1\n`, /too long/],
  [
    'values without an end',
    'values.json',
    () => `{"_ignore":[${'1,'.repeat(4_000_000)}1]}`,
    /more than 3000000 values/,
  ],
]

describe('a file made to hurt', () => {
  for (const [title, name, text, message] of BOMBS) {
    it(`is refused in bounded time and memory: ${title}`, async () => {
      const { messages, cpuSeconds, megabytes } = await validate(folder.write(name, text()))
      assert.match(messages[0] ?? '', message)
      assert.ok(cpuSeconds < 12, `${cpuSeconds} s`)
      assert.ok(megabytes < 1500, `${megabytes} MB`)
    })
  }

  it('is refused before it is read when it is too large', async () => {
    const file = folder.write('large.yml', '')
    truncateSync(file, 100 * 1024 * 1024)
    const { messages, cpuSeconds, megabytes } = await validate(file)
    assert.match(messages[0] ?? '', /larger than 64 MB/)
    assert.ok(cpuSeconds < 2, `${cpuSeconds} s`)
    assert.ok(megabytes < 150, `${megabytes} MB`)
  })

  it('is refused from a pipe that does not end', async () => {
    const { code, output } = await runToEnd('sh', [
      '-c',
      `head -c 100000000 /dev/zero | ${process.execPath} ${gwCommand} validate -`,
    ])
    assert.equal(code, 1)
    assert.match(output, /<stdin>: error: .*larger than 64 MB/)
  })
})
