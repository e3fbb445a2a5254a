import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cpuMs } from '../../../test/support/cpu.js'
import { LinearRegex } from './linear.js'
import { parsePcre } from './pcre-parser.js'
import { parseRegex } from './regex-parser.js'
import { Matcher } from './matcher.js'
import { compileRegex, PathRegex } from './regex.js'
import { costPower } from './runaway.js'

const HOSTILE: readonly (readonly [pattern: string, text: string])[] = [
  ['/(a+)+$', `/${'a'.repeat(8_000)}!`],
  ['/(?:a|aa)+$', `/${'a'.repeat(8_000)}!`],
  ['/(?:[a-z]+\\d*)+/end', `/${'a'.repeat(8_000)}`],
  ['/(?:.*,)*z', `/${'a,'.repeat(4_000)}`],
  ['/(?:/?[^/]+)*/x$', `/${'ab/'.repeat(2_600)}y`],
  ['/a*a*a*b', `/${'a'.repeat(8_000)}`],
  ['/.*foo.*bar.*baz$', `/${'foobar'.repeat(1_300)}`],
]
/** What a plain pattern may take on such a text, many times over, and room for a crowded machine. */
const MAX_MS = 250

describe('a pattern that could run away', () => {
  for (const [source, text] of HOSTILE) {
    it(`answers on 8 KB in a few milliseconds: ${source}`, () => {
      for (const dialect of ['rust', 'pcre'] as const) {
        const regex = new PathRegex(source, dialect)
        regex.exec('/') // compiles
        const started = cpuMs()
        assert.equal(regex.exec(text), null)
        assert.ok(cpuMs() - started < MAX_MS, dialect)
      }
    })
  }

  it('answers in time on a header, where a match may begin anywhere', () => {
    const regex = compileRegex('\\d+x')
    const started = cpuMs()
    assert.equal(regex.test('1'.repeat(8_000)), false)
    assert.ok(cpuMs() - started < MAX_MS)
  })

  it('has the same match and groups on a long text as on a short one', () => {
    const regex = new PathRegex('/(?<all>(?:([a-z]+)\\d*)+)/(end)')
    for (const length of [3, 3_000]) {
      const match = regex.exec(`/${'ab1'.repeat(length)}/end/x`)
      assert(match !== null)
      assert.deepEqual(match.slice(2), ['ab', 'end'])
      assert.equal(match.groups?.all, 'ab1'.repeat(length))
      assert.equal(match.index, 0)
    }
  })
})

/** To which power of the text's length V8 can be driven. */
const POWERS: readonly (readonly [source: string, isAnchored: boolean, power: number])[] = [
  ['/users/(?<id>[^/]+)/orders/(?<order>\\d+)$', true, 1],
  ['/a/[^/]+/b/[^/]+/c/[^/]+$', true, 1],
  ['/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$', true, 1],
  ['/v\\d+/.*', true, 1],
  ['/.*/x', true, 1],
  ['/.*/x/.*/y', true, 2],
  ['/a*a*a*b', true, 3],
  ['/.*a.*b.*c.*d$', true, 4],
  ['/(a+)+$', true, Infinity],
  ['^mozilla', false, 1],
  ['\\d+x', false, 2],
  ['curl/\\d+x', false, 1],
]

describe('costPower', () => {
  for (const [source, isAnchored, power] of POWERS) {
    it(`is ${power} for ${source}`, () => {
      assert.equal(costPower(parseRegex(source), isAnchored), power)
    })
  }
})

describe('LinearRegex', () => {
  const piece = fc.constantFrom(
    ...['a', 'b', '.', '^', '$', '|', '(', ')', '(?:', '(?i)', '(?<n>', '[^a]', '\\b', '\\w', 'é'],
    ...['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?'],
  )
  const text = fc.array(fc.constantFrom('a', 'b', 'A', ' ', 'é', '😀'), { maxLength: 6 })

  for (const isAnchored of [true, false]) {
    it(`finds what V8 finds where that is right, ${isAnchored ? 'at the start' : 'anywhere'}`, () => {
      let compared = 0
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, characters) => {
          const source = pieces.join('')
          const tree = treeOrNull(source)
          const linear = tree === null ? null : LinearRegex.of(tree, isAnchored)
          if (tree === null || linear === null) return
          compared++
          const input = characters.join('')
          const expected = new Matcher(source, parseRegex, isAnchored).exec(input)
          const found = linear.exec(input)
          assert.deepEqual(found && [...found], expected && [...expected])
          assert.equal(found?.index, expected?.index)
          assert.equal(JSON.stringify(found?.groups ?? {}), JSON.stringify(expected?.groups ?? {}))
        }),
        { seed: 5, numRuns: 8_000 },
      )
      assert.ok(compared > 1_000, `only ${compared} of the samples were expressions`)
    })
  }

  it('has nothing for what is not regular, and for what would be too large', () => {
    const of = (source: string) => LinearRegex.of(parsePcre(source, { bytes: true }), true)
    for (const source of ['(?=a)', '(a)\\1', '(?>a)', 'a++', 'a{3000}'])
      assert.equal(of(source), null)
  })
})

function treeOrNull(source: string): ReturnType<typeof parseRegex> | null {
  try {
    return parseRegex(source)
  } catch {
    return null // what is refused is not what is compared here
  }
}
