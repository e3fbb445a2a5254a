import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { PluginRegistry } from '../plugin/registry.js'
import { expandVariables } from './expand.js'
import { loadConfig } from './load.js'

const ENVIRONMENT = { HOST: 'a.test', PORT: '8080', EMPTY: '', KEY: 'one\ntwo', WORD: 'hunter2' }

function expand(text: string): string {
  return expandVariables(text, 'kong.yml', ENVIRONMENT).text
}

function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

function load(text: string) {
  const source = { text: `_format_version: "3.0"\n${text}`, file: 'kong.yml' }
  const context = { plugins: new PluginRegistry([]), now: () => 0 }
  return loadConfig({ ...source, variables: ENVIRONMENT }, context)
}

describe('variables in a file', () => {
  const cases: readonly (readonly [written: string, expanded: string])[] = [
    ['host: ${HOST}', 'host: a.test'],
    ['url: http://${HOST}:${PORT}/', 'url: http://a.test:8080/'],
    ['x: ${NONE:-b}', 'x: b'],
    ['x: ${EMPTY:-b}', 'x: b'],
    ['x: ${NONE:-}', 'x: '],
    ['x: "${EMPTY}"', 'x: ""'],
    ['host: "${{ env "HOST" }}"', 'host: "a.test"'],
    ["port: ${{env 'PORT' | toInt}}", 'port: 8080'],
    ['|\n  ${{ env "KEY" | indent 2 }}', '|\n  one\n  two'],
    ['# ${NONE}', '# ${NONE}'],
    ['x: $(headers.x) ${1} $HOST {HOST}', 'x: $(headers.x) ${1} $HOST {HOST}'],
  ]
  for (const [written, expanded] of cases) {
    it(`make of ${JSON.stringify(written)} ${JSON.stringify(expanded)}`, () => {
      assert.equal(expand(written), expanded)
    })
  }

  it('must be set, fit their filter and be one line; all that do not are named with their places', () => {
    const text = 'a: ${HOST} ${NONE}\nb: ${KEY}\nc: ${{ env "WORD" | toInt }}'
    const problems = problemsOf(() => expand(text))
    assert.deepEqual(
      problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
      [
        '1:12 variable NONE is not set',
        '2:4 variable KEY holds several lines: write it into a block, with `| indent N`',
        '3:4 variable WORD does not have the form that toInt asks for',
      ],
    )
  })

  it('are read as if they stood in the file', () => {
    const { snapshot } = load('services: [{name: s, host: "${HOST}", port: ${PORT}}]')
    const [service] = snapshot.services
    assert.deepEqual([service?.host, service?.port], ['a.test', 8080])
  })

  it('leave the places of faults where they are in the file', () => {
    const text =
      'services:\n- {host: ${HOST}, port: ${PORT}, retrys: 1}\n- {host: "${HOST}", nope: 1}'
    const found = problemsOf(() => load(text)).map(({ line, column, path }) => ({
      line,
      column,
      path,
    }))
    assert.deepEqual(found, [
      { line: 3, column: 34, path: 'services[0].retrys' },
      { line: 4, column: 21, path: 'services[1].nope' },
    ])
  })

  it('do not show their values in what is said of their line', () => {
    const [problem] = problemsOf(() => load('services: [{name: a, host: "x ${WORD} y"}]'))
    assert.equal(problem?.message, 'invalid value: x ${WORD} y')
    assert.equal(problem.column, 28)
  })
})
