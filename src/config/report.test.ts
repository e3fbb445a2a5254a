import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Problem } from '../errors/config-error.js'
import { formatProblemsAsJson, formatProblemsForPeople } from './report.js'

const TEXT = `services:
- name: a
  port: 70000   # 10.0.0.1 is the database
consumers:
- {username: "ü x", keyauth_credentials: [{key: hunter2, kye: 'hunter''3'}]}
	- hunter4 {password: hunter4
`

function problem(line: number, column: number, path: string, hint?: string): Problem {
  const found = { file: 'kong.yml', path, line, column, message: 'wrong' }
  return hint === undefined ? found : { ...found, hint }
}

function pretty(...errors: Problem[]): string {
  const texts = new Map([['kong.yml', TEXT]])
  return formatProblemsForPeople({ errors, warnings: [] }, texts)
}

describe('problems for people', () => {
  it('show place, path, message, the line with a caret, and the way out', () => {
    assert.equal(
      pretty(problem(3, 9, 'services[0].port', 'use 7000')),
      [
        'kong.yml:3:9: error: services[0].port: wrong',
        '  3 |   port: 70000',
        '              ^',
        '  hint: use 7000',
      ].join('\n'),
    )
  })

  it('show the value in question alone, every other one masked', () => {
    assert.match(
      pretty(problem(5, 14, 'consumers[0].username')),
      /\{username: "ü x", keyauth_credentials: \[\{key: \*\*\*, kye: \*\*\*\}\]\}/,
    )
  })

  it('show no value of a credential, not even the one in question', () => {
    const text = pretty(
      problem(5, 49, 'consumers[0].keyauth_credentials[0].key'),
      problem(5, 63, 'consumers[0].keyauth_credentials[0].kye'),
    )
    assert.doesNotMatch(text, /hunter/)
  })

  it('show nothing of a line that makes no sense', () => {
    assert.doesNotMatch(pretty(problem(6, 1, '')), /hunter/)
  })

  it('put the caret below its character', () => {
    const [, line = '', caret = ''] = pretty(problem(5, 19, 'x')).split('\n')
    assert.equal(Array.from(line)[caret.length - 1], ',')
  })

  it('say a place that the text does not have, and one without a line', () => {
    assert.equal(pretty(problem(99, 1, 'x')), 'kong.yml:99:1: error: x: wrong')
    assert.equal(pretty(problem(0, 0, '')), 'kong.yml: error: wrong')
  })

  it('tell warnings from errors', () => {
    const warning = problem(0, 0, 'x')
    const text = formatProblemsForPeople({ errors: [], warnings: [warning] }, new Map())
    assert.equal(text, 'kong.yml: warning: x: wrong')
  })

  it('name the rule of a warning behind its message', () => {
    const warning = { ...problem(0, 0, 'x', 'do it right'), rule: 'no-effect' }
    const text = formatProblemsForPeople({ errors: [], warnings: [warning] }, new Map())
    assert.equal(text, 'kong.yml: warning: x: wrong [no-effect]\n  hint: do it right')
  })
})

describe('problems for tools', () => {
  it('are valid only without an error', () => {
    const one = problem(1, 2, 'x', 'h')
    assert.deepEqual(JSON.parse(formatProblemsAsJson({ errors: [one], warnings: [] })), {
      valid: false,
      errors: [one],
      warnings: [],
    })
    assert.match(formatProblemsAsJson({ errors: [], warnings: [one] }), /"valid": true/)
  })

  it('carry the rule of a warning', () => {
    const warnings = [{ ...problem(1, 2, 'x'), rule: 'no-effect' }]
    assert.deepEqual(JSON.parse(formatProblemsAsJson({ errors: [], warnings })), {
      valid: true,
      errors: [],
      warnings,
    })
  })
})
