import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { compileHeaderRegex, PathRegex } from './regex.js'

/** [source, paths with what is matched of them, paths that do not match] */
const DIALECT: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] =
  [
    ['/a', { '/a': '/a', '/abc': '/a' }, ['/b', 'x/a']],
    ['/a$', { '/a': '/a' }, ['/ab', '/a\n']],
    ['/a|/b', { '/a/1': '/a', '/b/1': '/b' }, ['/x/b']],
    ['/(?P<id>\\d+)', { '/12x': '/12' }, ['/x']],
    ['/(?<id>[a-f]+)', { '/ffg': '/ff' }, ['/FF']],
    ['/(?i)a3/x', { '/A3/X': '/A3/X' }, ['/b3/x']],
    ['/(?i:abc)d', { '/ABCd': '/ABCd' }, ['/ABCD']],
    ['/((?i)a|b)c', { '/Bc': '/Bc' }, ['/BC']],
    ['/(?i)[a-c][^x]', { '/By': '/By' }, ['/BX', '/Dy']],
    ['/(?i)é', { '/É': '/É' }, ['/e']],
    ['/(?i)[à-þ]', { '/É': '/É' }, ['/E']],
    ['/(?i:a(?-i)b)', { '/Ab': '/Ab' }, ['/AB']],
    ['\\A/x\\z', { '/x': '/x' }, ['/xy']],
    ['/a\\Ax', {}, ['/ax']],
    ['/[[:alpha:]]+[[:digit:]]', { '/abc1': '/abc1' }, ['/1']],
    ['/[[:^alpha:]_]', { '/1': '/1', '/_': '/_' }, ['/a']],
    ['/[^[:space:]]', { '/a': '/a' }, ['/ ']],
    ['/\\p{L}+', { '/é1': '/é' }, ['/1']],
    ['/\\pL\\PL', { '/a1': '/a1' }, ['/aa']],
    ['/\\p{Greek}', { '/λ': '/λ' }, ['/l']],
    ['/\\p{^L}', { '/1': '/1' }, ['/a']],
    ['/(?i)\\p{Lu}', { '/a': '/a' }, ['/1']],
    ['/\\w+', { '/é_1-': '/é_1' }, ['/-']],
    ['/(?-u)\\w+', { '/a_1é': '/a_1' }, ['/é']],
    ['/\\d\\D\\s\\S\\W', { '/1a b-': '/1a b-' }, ['/aa b-']],
    ['/[\\w.-]+@[\\w.]+', { '/me@x.test': '/me@x.test' }, ['/me%40x']],
    ['/\\h', { '/\t': '/\t' }, ['/\n']],
    ['/\\bfoo\\b', { '/foo-': '/foo' }, ['/foobar', '/fooé']],
    ['/fo\\Bo', { '/foo': '/foo' }, []],
    ['/x{2,3}?y?', { '/xxxy': '/xx' }, ['/x']],
    ['/x{2}z{1,}', { '/xxzz': '/xxzz' }, ['/xz']],
    ['/(?U)x+', { '/xx': '/x' }, ['/']],
    ['/(?x) a  b # c', { '/ab': '/ab' }, ['/a b']],
    ['/x*+y', { '/xxy': '/xxy', '/y': '/y' }, ['/x']],
    ['/.', { '/😀': '/😀', '/\r': '/\r' }, ['/\n']],
    ['/(?s).', { '/\n': '/\n' }, ['/']],
    ['/(?m)a$', { '/a\nb': '/a' }, ['/ab']],
    ['/[^/]{3}$', { '/éab': '/éab' }, ['/abcd']],
    ['/[]a]', { '/]': '/]' }, ['/b']],
    ['/[a-]', { '/-': '/-' }, ['/b']],
    ['/[a-f0-9\\-]+', { '/a-9g': '/a-9' }, ['/g']],
    ['/[a-z&&[^b]]', { '/a': '/a' }, ['/b']],
    ['/[a-z--b]', { '/a': '/a' }, ['/b']],
    ['/[&!%#,:;<=>@`~]+', { '/&&!!~~': '/&&!!~~' }, ['/a']],
    ['/\\x41\\x{42}\\u0043', { '/ABC': '/ABC' }, ['/abc']],
    ['/\\.\\-\\/\\@\\_', { '/.-/@_': '/.-/@_' }, ['/a']],
    ['/r\\[s\\]', { '/r[s]': '/r[s]' }, ['/rs']],
    ['/a}]', { '/a}]': '/a}]' }, ['/a']],
    ['/日本/\\w+', { '/日本/x': '/日本/x' }, ['/日本/']],
  ]

describe('a path regex', () => {
  for (const [source, matched, unmatched] of DIALECT) {
    it(`reads ${source}`, () => {
      const regex = new PathRegex(source)
      for (const [path, text] of Object.entries(matched)) {
        assert.equal(regex.exec(path)?.[0], text, `of ${JSON.stringify(path)}`)
      }
      for (const path of unmatched) assert.equal(regex.exec(path), null, JSON.stringify(path))
    })
  }

  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ['/(?=a)', /look-around is not supported at offset 2$/],
    ['/(?!a)', /look-around/],
    ['/(?<=a)', /look-around/],
    ['/(?<!a)', /look-around/],
    ['/(a)\\1', /back-references are not supported/],
    ['/(?>a)', /unknown kind of group/],
    ['/(?q)a', /unknown flag q/],
    ['/(a', /unclosed group/],
    ['/a)', /unopened group/],
    ['/[a', /unclosed class/],
    ['/[z-a]', /invalid range/],
    ['/[[:nope:]]', /unknown class \[:nope:\]/],
    ['/\\p{Nope}', /unknown property Nope/],
    ['*', /nothing to repeat/],
    ['/(?:+)', /nothing to repeat/],
    ['/a{', /expected \{n\}, \{n,\} or \{n,m\}/],
    ['/a{2,1}', /out of order/],
    ['/({a)', /a literal \{ must be escaped/],
    ['/\\Qa\\E', /unknown escape \\Q/],
    ['/\\', /nothing after the last backslash/],
    ['/\\x{110000}', /not a code point/],
    ['/(?<a>x)(?<a>y)', /duplicate group name a/],
    ['/' + '('.repeat(300), /nested too deeply/],
    ['/' + 'a'.repeat(10_000), /longer than 10000 characters/],
  ]
  for (const [source, message] of REFUSED) {
    it(`refuses ${source.slice(0, 20)}`, () => {
      assert.throws(() => new PathRegex(source), message)
    })
  }

  it('compiles whatever the parser lets through', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'Z',
        'é',
        '😀',
        '/',
        '.',
        '^',
        '$',
        '|',
        '(',
        ')',
        '(?:',
        '(?i)',
        '(?i:',
        '(?x)',
        '(?<n>',
      ],
      ...[
        '[',
        ']',
        '[^',
        '-',
        '&&',
        '--',
        '[:alpha:]',
        '\\d',
        '\\W',
        '\\b',
        '\\B',
        '\\p{L}',
        '\\pN',
        '\\-',
      ],
      ...[
        '*',
        '+',
        '?',
        '{2}',
        '{1,2}',
        '{',
        '}',
        ',',
        '#',
        ' ',
        '\\',
        '\\x41',
        '!',
        '~',
        '"',
        '\\A',
        '\\z',
      ],
    )
    let compiled = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const regex = readOrNull(pieces.join(''))
        if (regex === null) return
        compiled++
        assert.doesNotThrow(() => regex.exec('/some/path'))
      }),
      { seed: 2, numRuns: 20_000 },
    )
    assert.ok(compiled > 2_000, `only ${compiled} of the samples were expressions`)
  })
})

describe('PathRegex', () => {
  const PREFIXES: readonly (readonly [string, string])[] = [
    ['/users/\\d+', '/users/'],
    ['/users', '/users'],
    ['/v1(?<rel>/auth/login)$', '/v1/auth/login'],
    ['/v1(?<rel>/auth/.*)/x', '/v1/auth/'],
    ['/s4/ab|/s4/ac', '/s4/a'],
    ['/a(?:b|c)d', '/a'],
    ['/ab?c', '/a'],
    ['/ab+c', '/ab'],
    ['/a(bc){2}d', '/abc'],
    ['/(?i)mixed', '/'],
    ['/(?i)1/2', '/1/2'],
    ['/\\.x\\x41', '/.xA'],
    ['.*', ''],
  ]
  for (const [source, prefix] of PREFIXES) {
    it(`knows that ${source} begins with '${prefix}'`, () => {
      assert.equal(new PathRegex(source).literalPrefix, prefix)
    })
  }

  it('never claims a beginning that a match does not have', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '|',
      '(',
      ')',
      '?',
      '*',
      '+',
      '{2}',
      '[ab]',
      '(?i)',
    )
    const text = fc.array(fc.constantFrom('a', 'b', 'A'), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), text, (pieces, characters) => {
        const regex = readOrNull(pieces.join(''))
        const match = regex?.exec(characters.join(''))
        assert.ok(match?.[0].startsWith(regex?.literalPrefix ?? '') ?? true)
      }),
      { seed: 3, numRuns: 20_000 },
    )
  })
})

describe('compileHeaderRegex', () => {
  it('matches anywhere, and in lower case', () => {
    const regex = compileHeaderRegex('B-\\D')
    assert.equal(regex.test('ab-1'), true, 'Kong turns \\D into \\d with the rest')
    assert.equal(regex.test('ab-x'), false)
  })
})

function readOrNull(source: string): PathRegex | null {
  try {
    return new PathRegex(source)
  } catch {
    return null // what is refused is not what is tested here
  }
}
