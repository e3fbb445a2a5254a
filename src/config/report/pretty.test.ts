import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Problem } from '../../errors/config-error.js'
import { pretty } from './pretty.js'

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

function show(errors: readonly Problem[], warnings: readonly Problem[] = [], hasColor = false) {
  const texts = new Map([['kong.yml', TEXT]])
  return pretty({ files: ['kong.yml'], errors, warnings, texts }, { hasColor, root: '/' })
}

describe('problems for people', () => {
  it('show place, path, message, the line with a caret, and the way out', () => {
    assert.equal(
      show([problem(3, 9, 'services[0].port', 'use 7000')]),
      [
        'kong.yml:3:9: error: services[0].port: wrong',
        '  3 |   port: 70000',
        '              ^',
        '  hint: use 7000',
        '1 error in 1 file',
      ].join('\n'),
    )
  })

  it('show the value in question alone, every other one masked', () => {
    assert.match(
      show([problem(5, 14, 'consumers[0].username')]),
      /\{username: "ü x", keyauth_credentials: \[\{key: \*\*\*, kye: \*\*\*\}\]\}/,
    )
  })

  it('show no value of a credential, not even the one in question', () => {
    const text = show([
      problem(5, 49, 'consumers[0].keyauth_credentials[0].key'),
      problem(5, 63, 'consumers[0].keyauth_credentials[0].kye'),
    ])
    assert.doesNotMatch(text, /hunter/)
  })

  it('show nothing of a line that makes no sense', () => {
    assert.doesNotMatch(show([problem(6, 1, '')]), /hunter/)
  })

  it('say a place that the text does not have, and one without a line', () => {
    assert.match(show([problem(99, 1, 'x')]), /^kong\.yml:99:1: error: x: wrong\n1 error/)
    assert.match(show([problem(0, 0, '')]), /^kong\.yml: error: wrong\n1 error/)
  })

  it('tell warnings from errors, and name the rule where there is one', () => {
    assert.equal(
      show([problem(0, 0, 'x')], [{ ...problem(0, 0, 'y'), rule: 'no-routes' }]),
      [
        'kong.yml: error: x: wrong',
        'kong.yml: warning: y: wrong [no-routes]',
        '1 error, 1 warning in 1 file',
      ].join('\n'),
    )
  })

  it('count, and say how many of the files are concerned', () => {
    const report = { files: ['a', 'b', 'kong.yml'], errors: [], texts: new Map<string, string>() }
    const warnings = [problem(0, 0, 'x'), problem(0, 0, 'y')]
    assert.match(
      pretty({ ...report, warnings }, { hasColor: false, root: '/' }),
      /\n2 warnings in 1 of 3 files$/,
    )
  })

  it('are nothing when there is no problem', () => {
    assert.equal(show([]), '')
  })

  it('have colours for a terminal, and the same words', () => {
    const found = [problem(3, 9, 'services[0].port', 'use 7000')]
    const colored = show(found, [], true)
    assert.match(colored, /\x1b\[31m.*error:.*\x1b\[39m/)
    assert.equal(colored.replace(/\x1b\[\d+m/g, ''), show(found))
  })

  it('obey nothing that a file holds, in whatever part of the report', () => {
    const evil = '\x1b]0;owned\x07\u009b31m\u202e\nkong.yml: valid'
    const found = { ...problem(1, 1, evil, evil), message: evil, file: evil, rule: evil }
    const text = `${evil.replace('\n', '')}: 1`
    const out = pretty(
      { files: [evil], errors: [found], warnings: [], texts: new Map([[evil, text]]) },
      { hasColor: false, root: '/' },
    )
    assert.match(out, /\\x1b\]0;owned\\x07\\x9b31m\\u\{202e\}/)
    assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|^kong/m)
  })

  it('are short for a key as long as a file', () => {
    const found = { ...problem(1, 1, 'k'.repeat(1_000_000)), message: 'm'.repeat(1_000_000) }
    assert.ok(show([found]).length < 3_000)
  })
})
