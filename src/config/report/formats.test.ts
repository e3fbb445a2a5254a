// The formats for programs: exact texts for small reports, and what must not break them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Problem } from '../../errors/config-error.js'
import { VERSION } from '../../util/version.js'
import { REPORT_FORMATS, type ProblemReport, type ReportFormat } from './index.js'

const ERROR: Problem = {
  file: 'conf/kong.yml',
  path: 'services[0].prot',
  line: 5,
  column: 3,
  message: 'unknown field',
  hint: 'did you mean port?',
}
const WARNING: Problem = {
  ...{ file: 'conf/kong.yml', path: 'services[0]', line: 3, column: 3 },
  ...{ message: 'has no route', rule: 'no-routes' },
}
const UNREADABLE: Problem = {
  ...{ file: 'absent.yml', path: '', line: 0, column: 0 },
  message: 'cannot be read: ENOENT',
}
// Of every kind that some format has a meaning for.
const EVIL = '%a, b:c\r\n::error::x\x1b[31m\x00\u009b\u202e<&">]]>\ud83d\uffff \' ü😀'

function write(format: ReportFormat, report: Partial<ProblemReport>): string {
  const all = [...(report.errors ?? []), ...(report.warnings ?? [])]
  const files = [...new Set(all.map(({ file }) => file))]
  return REPORT_FORMATS[format](
    { files, errors: [], warnings: [], texts: new Map(), ...report },
    { hasColor: false, root: process.cwd() },
  )
}

describe('every format', () => {
  const evil = { ...ERROR, file: 'evil.yml', path: EVIL, message: EVIL, hint: EVIL, rule: EVIL }

  for (const format of Object.keys(REPORT_FORMATS) as ReportFormat[]) {
    it(`keeps from a terminal what it would obey: ${format}`, () => {
      const text = write(format, { errors: [evil], warnings: [evil] })
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
      assert.equal(Buffer.from(text).toString(), text)
    })
  }
})

describe('json', () => {
  it('is the problems as they are, and valid only without an error', () => {
    const report = JSON.parse(write('json', { errors: [ERROR], warnings: [WARNING] })) as unknown
    assert.deepEqual(report, { valid: false, errors: [ERROR], warnings: [WARNING] })
    assert.match(write('json', { warnings: [WARNING] }), /"valid": true/)
  })

  it('gives back every character, also those that it escapes', () => {
    const errors = [{ ...ERROR, message: EVIL + '\u{e0001}' }]
    const report = JSON.parse(write('json', { errors })) as { errors: unknown }
    assert.deepEqual(report.errors, errors)
  })
})

describe('github', () => {
  it('is one workflow command per problem', () => {
    assert.equal(
      write('github', { errors: [ERROR, UNREADABLE], warnings: [WARNING] }),
      [
        '::error file=conf/kong.yml,line=5,col=3,title=invalid-config::conf/kong.yml:5:3: services[0].prot: unknown field (did you mean port?)',
        '::error file=absent.yml,title=invalid-config::absent.yml: cannot be read: ENOENT',
        '::warning file=conf/kong.yml,line=3,col=3,title=no-routes::conf/kong.yml:3:3: services[0]: has no route',
      ].join('\n'),
    )
  })

  it('escapes what would end a property, a message or a line', () => {
    const errors = [{ ...ERROR, file: 'a,b:c%.yml', message: '50%\r\n::error::x' }]
    assert.equal(
      write('github', { errors }),
      '::error file=a%2Cb%3Ac%25.yml,line=5,col=3,title=invalid-config::' +
        'a,b:c%25.yml:5:3: services[0].prot: 50%25%0D%0A::error::x (did you mean port?)',
    )
  })

  it('names files from the root of the repository', () => {
    const report = { files: [], errors: [ERROR], warnings: [], texts: new Map<string, string>() }
    const root = join(process.cwd(), 'conf')
    assert.match(REPORT_FORMATS.github(report, { hasColor: false, root }), /file=kong\.yml,/)
    const elsewhere = join(process.cwd(), 'conf/kong.yml').replaceAll(':', '%3A')
    assert.ok(
      REPORT_FORMATS.github(report, { hasColor: false, root: '/no/such' }).includes(
        `file=${elsewhere},`,
      ),
    )
  })

  it('is nothing when there is no problem', () => {
    assert.equal(write('github', { files: ['a.yml'] }), '')
  })
})

interface Sarif {
  readonly $schema: string
  readonly version: string
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string
        readonly version: string
        readonly rules: readonly { readonly id: string }[]
      }
    }
    readonly results: readonly {
      readonly ruleId: string
      readonly ruleIndex: number
      readonly level: string
      readonly message: { readonly text: string }
      readonly locations: readonly { readonly physicalLocation: unknown }[]
    }[]
  }[]
}

function sarif(report: Partial<ProblemReport>): Sarif['runs'][number] {
  const { runs, version, $schema } = JSON.parse(write('sarif', report)) as Sarif
  assert.equal(version, '2.1.0')
  assert.equal($schema, 'https://json.schemastore.org/sarif-2.1.0.json')
  assert.equal(runs.length, 1)
  const [run] = runs
  assert.ok(run)
  return run
}

describe('sarif', () => {
  it('is one run of gw in its version, without results when there is no problem', () => {
    assert.deepEqual(sarif({ files: ['a.yml'] }), {
      tool: { driver: { name: 'gw', version: VERSION, rules: [] } },
      columnKind: 'unicodeCodePoints',
      results: [],
    })
  })

  it('has a result per problem, with rule, level, words and place', () => {
    const [error, ...rest] = sarif({ errors: [ERROR] }).results
    assert.equal(rest.length, 0)
    assert.deepEqual(error, {
      ruleId: 'invalid-config',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'services[0].prot: unknown field (did you mean port?)' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'conf/kong.yml' },
            region: { startLine: 5, startColumn: 3 },
          },
          logicalLocations: [{ fullyQualifiedName: 'services[0].prot' }],
        },
      ],
    })
  })

  it('describes each rule once, where its results say', () => {
    const { tool, results } = sarif({ errors: [ERROR, UNREADABLE], warnings: [WARNING, WARNING] })
    const ids = tool.driver.rules.map(({ id }) => id)
    assert.deepEqual(ids, ['invalid-config', 'no-routes'])
    for (const { ruleId, ruleIndex } of results) assert.equal(ids[ruleIndex], ruleId)
    assert.deepEqual(
      results.map(({ level }) => level),
      ['error', 'error', 'warning', 'warning'],
    )
    assert.deepEqual(tool.driver.rules[1], {
      id: 'no-routes',
      shortDescription: { text: 'no-routes' },
      fullDescription: { text: 'no-routes' },
      help: { text: 'no-routes' },
      defaultConfiguration: { level: 'warning' },
    })
  })

  it('points at the first line where a problem has no place', () => {
    assert.deepEqual(sarif({ errors: [UNREADABLE] }).results[0]?.locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: 'absent.yml' },
          region: { startLine: 1, startColumn: 1 },
        },
      },
    ])
  })

  for (const [file, uri] of [
    ['a b/ü%#?.yml', 'a%20b/%C3%BC%25%23%3F.yml'],
    ['./conf/../c:d.yml', 'c%3Ad.yml'],
    [join(process.cwd(), 'x.yml'), 'x.yml'],
    ['/no/such dir/x.yml', 'file:///no/such%20dir/x.yml'],
    ['..a.yml', '..a.yml'],
  ] as const) {
    it(`has a URI for ${file}`, () => {
      const place = sarif({ errors: [{ ...ERROR, file }] }).results[0]?.locations[0]
      assert.deepEqual(place?.physicalLocation, {
        artifactLocation: { uri },
        region: { startLine: 5, startColumn: 3 },
      })
    })
  }
})

describe('junit', () => {
  it('is a suite per file with a case per problem, and one for a file without any', () => {
    const files = ['conf/kong.yml', 'good.yml', 'absent.yml']
    assert.equal(
      write('junit', { files, errors: [ERROR, UNREADABLE], warnings: [WARNING] }),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gw validate" tests="4" failures="2" errors="0" skipped="0">
  <testsuite name="conf/kong.yml" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="services[0].prot: unknown field" classname="gw.conf/kong_yml" file="conf/kong.yml" line="5">
      <failure message="services[0].prot: unknown field" type="invalid-config">conf/kong.yml:5:3: error: services[0].prot: unknown field
hint: did you mean port?</failure>
    </testcase>
    <testcase name="warning: services[0]: has no route" classname="gw.conf/kong_yml" file="conf/kong.yml" line="3">
      <system-out>conf/kong.yml:3:3: warning: services[0]: has no route</system-out>
    </testcase>
  </testsuite>
  <testsuite name="good.yml" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="valid" classname="gw.good_yml" file="good.yml"/>
  </testsuite>
  <testsuite name="absent.yml" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="cannot be read: ENOENT" classname="gw.absent_yml" file="absent.yml">
      <failure message="cannot be read: ENOENT" type="invalid-config">absent.yml: error: cannot be read: ENOENT</failure>
    </testcase>
  </testsuite>
</testsuites>`,
    )
  })

  it('escapes markup, and shows what XML cannot hold', () => {
    const text = write('junit', { errors: [{ ...ERROR, path: '', message: EVIL }] })
    const shown =
      "%a, b:c\\r&#10;::error::x\\x1b[31m\\x00\\x9b\\u{202e}&lt;&amp;&quot;&gt;]]&gt;\\u{d83d}\\u{ffff} ' ü😀"
    assert.ok(text.includes(`name="${shown}"`), text)
    assert.ok(text.includes(shown.replace('&#10;', '\n')))
  })
})
