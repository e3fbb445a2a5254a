// Where a fault is shown, in the middle of a file of five thousand lines and among all that YAML has to offer.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { ConfigError } from '../errors/config-error.js'
import { PluginRegistry } from '../plugin/registry.js'
import { loadConfig } from './load.js'

/** Stands before the character that the fault must point at, and is taken out of the text. */
const MARK = '§'
const HEAD = '_format_version: "3.0"\n'

const lookup = new PluginRegistry(bundledPlugins, plannedPlugins)

function placesOf(text: string, file: string): string[] {
  try {
    loadConfig({ text, file }, { plugins: lookup, now: () => 1700000000000 })
    return []
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(({ line, column }) => `${line}:${column}`)
    }
    throw error
  }
}

function service(index: number): string {
  return `- name: s${index} # the ${index}th\n  host: a.test\n  routes: [{paths: [/${index}]}]\n\n`
}

/** Services around the piece, which stands from line 2,501 on. */
function around(piece: string): string {
  const services = Array.from({ length: 1250 }, (_, index) => service(index))
  return [HEAD, 'services:\n', ...services.slice(0, 625), piece, ...services.slice(625)].join('')
}

function expectMarked(marked: string, file = 'kong.yml'): void {
  const expected: string[] = []
  for (const [index, line] of marked.split(/\r\n|\n/).entries()) {
    const columns = line.split(MARK).slice(0, -1)
    let column = 1
    for (const part of columns) {
      column += Array.from(part).length
      expected.push(`${index + 1}:${column}`)
    }
  }
  assert.notEqual(expected.length, 0, 'a case needs a mark')
  assert.deepEqual(placesOf(marked.replaceAll(MARK, ''), file), expected)
}

const CASES: readonly (readonly [title: string, piece: string])[] = [
  ['a value', '- name: x\n  host: a.test\n  port: §eighty\n'],
  ['a key', '- name: x\n  host: a.test\n  §prot: 80\n'],
  [
    'after a block that keeps its lines',
    '- name: x\n  _comment: |\n    one\n\n      two: x\n    # no remark\n  host: a.test\n  port: §x\n',
  ],
  [
    'after a block that folds them',
    '- name: x\n  _comment: >-\n    one\n    two\n\n\n  host: a.test\n  port: §x\n',
  ],
  ['at a block', '- name: x\n  host: a.test\n  port: §|\n    80\n    81\n'],
  [
    'after a text in quotes over several lines',
    '- name: x\n  _comment: "one\n    two\\\n    three # no remark"\n  host: a.test\n  port: §x\n',
  ],
  [
    'after a text without quotes over several lines',
    '- name: x\n  _comment: one\n    two\n    three\n  host: a.test\n  port: §x\n',
  ],
  [
    'after single quotes with quotes inside',
    "- {name: x, _comment: 'it''s: {', host: a.test, port: §x}\n",
  ],
  [
    'in flow style over several lines',
    '- {name: x,\n   # a remark: [\n   host: a.test, tags: [a,\n   b], port: §x }\n',
  ],
  ['in a list in flow style', '- name: x\n  host: a.test\n  tags: [a, "b", §1.0, c]\n'],
  ['at a pair in a flow list', '- {name: x, host: a.test, tags: [a, §b: c]}\n'],
  ['after two-byte characters', '- {name: äöü, host: a.test, _comment: "éß", port: §x}\n'],
  ['after three-byte characters', '- {name: 日本, host: a.test, _comment: "€ ⊕", port: §x}\n'],
  ['after four-byte characters', '- {name: x, host: a.test, _comment: "😀𝄞", port: §x}\n'],
  ['after a character of several', '- {name: x, host: a.test, _comment: "👩‍👩‍👧", port: §x}\n'],
  ['after tabs between tokens', '- name:\tx\n  host:\t\ta.test\n  port:\t§x\t# tabs\n'],
  [
    'after remarks',
    '# one\n- name: x # two: {\n  # three\n  host: a.test\n  #four\n  port: §x # five\n',
  ],
  [
    'after an empty item',
    '- name: x\n  host: a.test\n  tags:\n  - a\n  - §\n  - b\n'.replace('- §\n', '§-\n'),
  ],
  [
    'after an empty item before a wrong one',
    '- name: x\n  host: a.test\n  _ignore:\n  -\n  - # nothing\n  - a\n  port: §x\n',
  ],
  ['at a key in quotes', '- name: x\n  host: a.test\n  §"prot": 80\n'],
  ['at a key without a value', '- name: x\n  host: a.test\n  §prot:\n'],
  ['at an explicit key', '- name: x\n  host: a.test\n  ? §prot\n  : 80\n'],
  ['at a value on a line of its own', '- name: x\n  host: a.test\n  port:\n\n    # here\n    §x\n'],
  ['at a value with a tag', '- name: x\n  host: a.test\n  port: §!!str 80\n'],
  ['inside an anchor', '- &base\n  name: x\n  host: a.test\n  port: §x\n'],
  ['at a value with an anchor', '- name: x\n  host: a.test\n  port: §&p x\n'],
  [
    'in a list of a list',
    '- name: x\n  host: a.test\n  routes:\n  - paths: [/]\n  - paths:\n    - /a\n    - §b\n',
  ],
  [
    'at a compact nested list',
    '- name: x\n  host: a.test\n  routes:\n  - - §a\n'.replace('- - §a', '- §- a'),
  ],
]

describe('the place of a fault', () => {
  for (const [title, piece] of CASES) {
    it(`is right ${title}`, () => {
      expectMarked(around(piece))
    })
    it(`is right ${title}, with CRLF`, () => {
      expectMarked(around(piece).replaceAll('\n', '\r\n'))
    })
  }

  it('is right behind a byte order mark', () => {
    expectMarked(`\ufeff${around('- {name: x, host: a.test, port: §x}\n')}`)
  })

  it('is that of the alias when the whole value is one, and inside the anchor when a part is wrong', () => {
    expectMarked(
      around('- &a {name: x, host: a.test, routes: [{paths: [/]}]}\n').replace(
        HEAD,
        `${HEAD}_ignore:\n- &port eighty\n- &bad {paths: [§a]}\n`,
      ) +
        'plugins: []\n' +
        'routes:\n- *bad\n- paths: [/]\n  regex_priority: §*port\n',
    )
  })

  it('is inside the anchor for what a merge brings, and at the own key for what it does not', () => {
    expectMarked(
      `${HEAD}_ignore:\n- &base\n  host: a.test\n  port: §x\n` +
        'services:\n- <<: *base\n  name: one\n- <<: *base\n  name: two\n  port: §y\n',
    )
  })

  it('is that of the first document of several', () => {
    expectMarked(
      `# one\n---\n${around('- {name: x, port: §x, host: a.test}\n')}---\nservices: [{}]\n`,
    )
  })

  it('is right in JSON, with all that stands in strings', () => {
    expectMarked(
      '{\n\t"_format_version": "3.0",\r\n "services": [\n  {"name": "x", "host": "a.test", "_comment": "😀\\"{\\u0041", "port": §"x"}\n ]\n}',
      'kong.json',
    )
  })

  it('is right at the far end of a line of a million characters', () => {
    const services = Array.from({ length: 30_000 }, (_, i) => `{name: s${i}, host: ä.test}`)
    expectMarked(
      `${HEAD}services: [${services.join(', ')}, {name: x, host: a.test, port: §x}]\n`.replaceAll(
        'ä',
        'a',
      ),
    )
  })
})
