// Files that went wrong in every way an editor can make them: whatever comes of it is a verdict, never a crash.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { ROUTER_FLAVOURS } from '../../schemas/route.js'
import { fixDocument } from '../../src/config/fix/index.js'
import { loadConfig } from '../../src/config/index.js'
import { printConfig } from '../../src/config/print.js'
import { REPORT_FORMATS, type ReportFormat } from '../../src/config/report/index.js'
import { ConfigError, type Problem } from '../../src/errors/config-error.js'
import { warningsOf } from '../../src/gateway/lint/lint.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { projectRoot } from '../support/root.js'

const folder = join(projectRoot, 'test/conformance/kong/parse')
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))

const VALUES = [
  ...['null', '[]', '{}', 'on', '1e999', '-1', '""', '"\\u0000"', '[[]]', '{a: {b: c}}', '*x'],
  ...['&x y', '!!binary aGk=', '"~/(a+)+$"', '~', '0x1f', '{name: null}', '"{vault://env/x}"'],
  ...[
    '${X}',
    '${{ env "X" }}',
    '"a,b/c"',
    '"__proto__"',
    '{__proto__: {a: 1}}',
    '"日本"',
    '"*.a.*"',
  ],
  ...['[null]', '[{}]', '"~/(?=a)"', '"~/("', '"/a//b"'],
]
const NAMES = ['name', 'config', 'plugins', 'routes', 'paths', '__proto__', 'constructor', 'redis']

type Mutation = (lines: string[], line: number, other: number) => void
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((lines, line) => lines.splice(line, 1)),
  fc.constant<Mutation>((lines, line, other) => lines.splice(line, 0, lines[other] ?? '')),
  fc.constant<Mutation>((lines, line) => (lines[line] = `  ${lines[line] ?? ''}`)),
  fc.constantFrom(...VALUES).map((value): Mutation => (lines, line) => {
    lines[line] = (lines[line] ?? '').replace(/([:-]\s+)\S.*$/, (_, mark: string) => mark + value)
  }),
  fc.constantFrom(...NAMES).map((name): Mutation => (lines, line) => {
    lines[line] = (lines[line] ?? '').replace(/\w+/, name)
  }),
)

const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(mutation, fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 6 }),
  )
  .map(([text, steps]) => {
    const lines = text.split('\n')
    for (const [mutate, a, b] of steps) mutate(lines, a % lines.length, b % lines.length)
    return lines.join('\n')
  })

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)
const file = 'kong.yml'

function report(text: string, errors: readonly Problem[], warnings: readonly Problem[]): void {
  const verdict = { files: [file], errors, warnings, texts: new Map([[file, text]]) }
  for (const format of Object.keys(REPORT_FORMATS) as ReportFormat[]) {
    REPORT_FORMATS[format](verdict, { hasColor: true, root: '/' })
  }
}

describe('a mutated file', () => {
  it('is accepted or refused with places, can be reported, and printed when it is right', () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom(...ROUTER_FLAVOURS), (text, routerFlavour) => {
        const source = { text, file, variables: { X: 'x' } }
        const context = { plugins, routerFlavour, now: () => 1700000000000 }
        try {
          const loaded = loadConfig(source, context)
          report(text, [], warningsOf(loaded, plugins, { routerFlavour }))
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          assert.ok(error.problems.length > 0)
          assert.ok(error.problems.every(({ line, column }) => line > 0 && column > 0))
          report(text, error.problems, error.warnings)
          return
        }
        const printed = printConfig(source, context, 'yaml')
        assert.equal(printConfig({ text: printed, file }, context, 'yaml'), printed)
      }),
      { seed: 21, numRuns: 1_000 },
    )
  })

  it('is mended or left alone, and once mended stays as it is', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        try {
          const fixed = fixDocument(text, file)
          if (fixed.refusal === undefined) {
            assert.equal(fixDocument(fixed.text, file).text, fixed.text)
          }
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
        }
      }),
      { seed: 22, numRuns: 500 },
    )
  })
})
