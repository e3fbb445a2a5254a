import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffOf } from '../../../test/support/diff.js'
import { exitCodeOf } from './exit-code.js'
import type { Difference } from './difference.js'
import { DIFF_FORMATS, type DiffFormatName } from './formats.js'
import { markdownRefusal } from './markdown.js'
import { changeText } from './shown.js'

const OLD = `services:
- name: s
  url: http://s.test
  routes:
  - {name: r, paths: [/r], plugins: [{name: key-auth}]}
`
const NEW = OLD.replace(', plugins: [{name: key-auth}]', '').replace('s.test', 't.test')

const difference = diffOf(OLD, NEW)
const plain = { hasColor: false }
const formatted = (format: DiffFormatName, found: Difference): string =>
  DIFF_FORMATS[format](found, plain)

/** A route whose name holds what others might obey. */
const named = (name: string) =>
  diffOf('', JSON.stringify({ _format_version: '3.0', consumers: [{ username: name }] }))

describe('the pretty format', () => {
  it('says what follows, the worst first, then the entities, and the verdict last', () => {
    assert.deepEqual(formatted('pretty', difference).split('\n'), [
      'Loosened: lets through, shows or trusts more than before',
      "  requests on route 'r' no longer have to pass key-auth: anyone may call [auth-removed]",
      '    old.yml:6:38, new.yml:6:5',
      '',
      'Changed: behaves otherwise',
      "  requests on route 'r' go to http://t.test:80 instead of http://s.test:80 [target-changed]",
      '    old.yml:3:3, new.yml:3:3',
      '',
      'Entities',
      "  ~ service 's'",
      '      host: s.test -> t.test',
      '    old.yml:3:3, new.yml:3:3',
      "  - plugin key-auth on route 'r' removed",
      '    old.yml:6:38',
      '',
      'old.yml -> new.yml: something is loosened (1 loosened, 1 changed; 2 entities changed)',
    ])
  })

  it('is one line when nothing changes', () => {
    assert.equal(formatted('pretty', diffOf(OLD, OLD)), 'old.yml -> new.yml: no change in meaning')
  })

  it('is in colour where it is asked for', () => {
    assert.match(DIFF_FORMATS.pretty(difference, { hasColor: true }), /\u001b\[31m/)
    assert.doesNotMatch(formatted('pretty', difference), /\u001b/)
  })

  it('shows what a terminal would obey', () => {
    const text = formatted('pretty', named('a\u001b[2Jb\nc'))
    assert.match(text, /consumer 'a\\x1b\[2Jb\\nc' added/)
  })

  it('cuts names without end', () => {
    assert.ok(formatted('pretty', named('a'.repeat(100_000))).length < 10_000)
  })
})

describe('the json format', () => {
  it('has the verdict, the exit code, counts and all that was found', () => {
    const report = JSON.parse(formatted('json', difference)) as Record<string, unknown>
    assert.deepEqual(Object.keys(report), [
      'old',
      'new',
      'verdict',
      'exitCode',
      'counts',
      'findings',
      'changes',
      'notes',
    ])
    assert.deepEqual(
      [report.verdict, report.exitCode, report.counts],
      ['loosened', 3, { loosened: 1, breaking: 0, tightened: 0, changed: 1, added: 0 }],
    )
    const [first] = report.findings as readonly unknown[]
    assert.deepEqual(first, {
      level: 'loosened',
      rule: 'auth-removed',
      message: "requests on route 'r' no longer have to pass key-auth: anyone may call",
      routes: ["route 'r'"],
      example: null,
      old: {
        file: 'old.yml',
        line: 6,
        column: 38,
        path: 'services[0].routes[0].plugins[0]',
      },
      new: { file: 'new.yml', line: 6, column: 5, path: 'services[0].routes[0]' },
    })
  })
})

describe('the markdown format', () => {
  it('has the verdict in a heading, a table for each level, and the entities in a fold', () => {
    const text = formatted('markdown', difference)
    assert.match(text, /^### gw diff: something is loosened\n/)
    assert.match(
      text,
      /\n#### Loosened: .*\n\n\| what \| where \| rule \|\n\|---\|---\|---\|\n\| requests on /,
    )
    assert.match(text, /<details><summary>2 entities<\/summary>\n\n- `~` service 's'/)
    assert.match(text, /\n\n<\/details>$/)
  })

  it('lets nothing of a file be obeyed', () => {
    const hostile = 'a|b`c`<script>*d*_e_[f](http://g.test)@team#1\n- h'
    const text = formatted('markdown', named(hostile))
    const line = text.split('\n').find((one) => one.includes('script')) ?? ''
    assert.doesNotMatch(line.slice(6).replace(/&#\d+;|<\/?code>/g, ''), /[|`<>*_[\]@#]|:\/\//)
    assert.ok(line.includes('&#60;script&#62;'))
  })

  it('fits into a comment, and says what is left out', () => {
    const routes = Array.from({ length: 3000 }, (_, i) => `{name: r${i}, paths: [/r${i}]}`)
    const text = formatted('markdown', diffOf('', `routes: [${routes.join(', ')}]`))
    assert.ok(text.length < 65_536)
    assert.match(text, /\d+ more: see `gw diff`/)
  })

  it('tells why files cannot be compared', () => {
    const problem = { file: 'a.yml', path: 'services[0]', line: 3, column: 1, message: 'bad <b>' }
    const report = { files: ['a.yml'], errors: [problem], warnings: [], texts: new Map() }
    assert.equal(
      markdownRefusal(report),
      '### gw diff: the files cannot be compared\n\n- <code>a.yml:3:1</code>: services&#91;0&#93;: bad &#60;b&#62;',
    )
  })
})

describe('the exit code', () => {
  it('tells what is loosened from what breaks, and both from the rest', () => {
    assert.deepEqual(
      (['none', 'added', 'changed', 'tightened', 'loosened', 'breaking'] as const).map(exitCodeOf),
      [0, 1, 1, 1, 3, 4],
    )
  })
})

describe('a change of a value', () => {
  it('of a long list is what differs', () => {
    const list = ['a', 'b', 'c', 'd', 'e']
    assert.equal(changeText({ old: list, new: ['a', 'b', 'c', 'd', 'x'] }), 'without e, with x')
    assert.equal(changeText({ old: list, new: [...list].reverse() }), 'in another order')
  })

  it('tells text from what looks like it', () => {
    assert.equal(changeText({ old: 'a b', new: undefined }), '"a b" -> not set')
    assert.equal(changeText({ old: null, new: { a: [1] } }), 'null -> {"a":[1]}')
  })
})
