import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseYaml, SyntaxFault } from './yaml.js'

interface Case {
  readonly title: string
  readonly text: string
  /** As libyaml says it, with the place where Kong's reader last understood something. */
  readonly said: string
  /** Where the mistake is. */
  readonly place: string
  readonly hint: RegExp
}

const CASES: readonly Case[] = [
  {
    title: 'a tab before a key',
    text: 'services:\n\t- name: a\n',
    said: '1:1: found character that cannot start any token',
    place: '2:1',
    hint: /^a tab/,
  },
  {
    title: 'a tab below a text that may go on',
    text: 'a:\n  - b: text\n\tc: d\n',
    said: '2:5: found a tab character that violates indentation',
    place: '3:1',
    hint: /^a tab/,
  },
  {
    title: 'a key between an entry and its list',
    text: 'services:\n  - name: a\n   url: x\n',
    said: "3:4: did not find expected '-' indicator",
    place: '3:4',
    hint: /indented/,
  },
  {
    title: 'a key too far to the right',
    text: 'a:\n  b: "1"\n   c: 2\n',
    said: '2:6: did not find expected key',
    place: '3:4',
    hint: /indented/,
  },
  {
    title: 'a key without a colon',
    text: 'a: "1"\nb\nc: 2\n',
    said: "1:4: could not find expected ':'",
    place: '2:1',
    hint: /needs a colon/,
  },
  {
    title: 'a colon without a space',
    text: 'a: [1]\nb:2\nc: 3\n',
    said: "1:6: could not find expected ':'",
    place: '2:1',
    hint: /space after the colon/,
  },
  {
    title: 'two colons in a text',
    text: 'a:\n  b: x: y\n',
    said: '2:6: mapping values are not allowed in this context',
    place: '2:7',
    hint: /quotes/,
  },
  {
    title: 'a reserved character',
    text: 'a:\n  b: @home\n',
    said: '2:3: found character that cannot start any token',
    place: '2:6',
    hint: /begins with @/,
  },
  {
    title: 'a quote that stays open',
    text: 'a: 1\nb: "text\nc: 2\n',
    said: '2:1: found unexpected end of stream',
    place: '2:4',
    hint: /not closed/,
  },
  {
    title: 'a bracket that stays open',
    text: 'a: 1\nb: [x, y\nc: 2\n',
    said: "2:8: did not find expected ',' or ']'",
    place: '3:1',
    hint: /bracket/,
  },
  {
    title: 'a bracket at the end',
    text: 'not yaml: [ # one\n  # two\n\n',
    said: '1:11: did not find expected node content',
    place: '1:11',
    hint: /not closed/,
  },
  {
    title: 'a list that ends with the text',
    text: 'a: [b, c\n',
    said: "1:8: did not find expected ',' or ']'",
    place: '1:8',
    hint: /not closed/,
  },
  {
    title: 'a lone star',
    text: 'a: 1\nb: *\n',
    said: '2:1: did not find expected alphabetic or numeric character',
    place: '2:4',
    hint: /begins with \*/,
  },
  {
    title: 'a dash without a space',
    text: 'a:\n  - b: "1"\n  -c: 2\n',
    said: "3:3: did not find expected '-' indicator",
    place: '3:3',
    hint: /space after the dash/,
  },
  {
    title: 'an alias without an anchor',
    text: 'a: 1\nb: *nothing\n',
    said: '2:4: invalid reference: nothing',
    place: '2:4',
    hint: /no such anchor/,
  },
]

describe('a text that is no YAML', () => {
  for (const { title, text, said, place, hint } of CASES) {
    it(`is told in Kong's words, at its place and with a way out: ${title}`, () => {
      assert.throws(
        () => parseYaml(text),
        (error) => {
          assert(error instanceof SyntaxFault)
          assert.equal(error.message, said)
          assert.equal(`${error.place.line}:${error.place.column}`, place)
          assert.match(error.hint ?? '', hint)
          return true
        },
      )
    })
  }
})
