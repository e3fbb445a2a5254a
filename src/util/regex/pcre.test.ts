// What PCRE2 answers (pcre2pattern; checked against the library), against what becomes of its patterns here.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withinTime } from '../within-time.js'
import { compileRegex, pcreFault, PathRegex, regexFault } from './regex.js'

type Groups = readonly (string | undefined)[]

/** [pattern, texts with the match and its groups; null for no match] */
const ANSWERS: readonly (readonly [string, Readonly<Record<string, Groups | null>>])[] = [
  // Flags
  ['/a(?i)b(?-i)c', { '/aBc': ['/aBc'], '/aBC': null, '/Abc': null }],
  ['/(?i:a)b', { '/Ab': ['/Ab'], '/AB': null }],
  ['/((?i)a|b)c', { '/Bc': ['/Bc', 'B'], '/BC': null }],
  ['/(?x) a  b # c', { '/ab': ['/ab'] }],
  ['/(?x)[a b]', { '/ ': ['/ '] }],
  ['/(?xx)[a b]', { '/ ': null, '/b': ['/b'] }],
  ['/(?x)a +b', { '/aab': ['/aab'] }],
  ['/(?s)a.b', { '/a\nb': ['/a\nb'] }],
  ['/(?s)(.*)b', { '/aab': ['/aab', 'aa'] }],
  ['/a.b', { '/a\nb': null }],
  ['/(?m)a$', { '/a\nb': ['/a'], '/ab': null }],
  ['/(?im)A$', { '/a\nb': ['/a'] }],
  ['/(?U)a+', { '/aa': ['/a'] }],
  ['/(?n)(a)(?<x>b)', { '/ab': ['/ab', 'b'] }],
  ['/(?i)a(?^)b', { '/Ab': ['/Ab'], '/AB': null }],
  // Names, references, calls
  ['/(?P<n>x)(?P=n)', { '/xx': ['/xx', 'x'], '/xy': null }],
  ["/(?'n'x)\\k<n>\\k'n'\\k{n}\\g{n}", { '/xxxxx': ['/xxxxx', 'x'] }],
  ['/(a|b)\\1\\g1\\g{1}\\g{-1}', { '/bbbbb': ['/bbbbb', 'b'], '/bbbba': null }],
  ['/(a)\\10', { '/a\b': ['/a\b', 'a'] }],
  ['/(?<d>\\d{2})-(?&d)', { '/12-34': ['/12-34', '12'] }],
  ['/(?P<d>\\d)(?P>d)(?1)\\g<d>\\g<1>', { '/12345': ['/12345', '1'] }],
  ['/(?+1)(ab|c)', { '/cab': ['/cab', 'ab'] }],
  ['/(?|(a)|(b))\\1', { '/bb': ['/bb', 'b'], '/ab': null }],
  ['/(?|(?<k>a)|(?<k>b))(c)', { '/bc': ['/bc', 'b', 'c'] }],
  ['/(?J)(?:(?<k>a)|(?<k>b))', { '/b': ['/b', undefined, 'b'] }],
  ['/(?:(a)|b)*', { '/ab': ['/ab', 'a'] }],
  ['/(a*)?', { '/b': ['/', ''] }],
  ['/(a*)*', { '/b': ['/', ''] }],
  // Places
  ['\\A/a\\z', { '/a': ['/a'], '/a\n': null }],
  ['/a\\Z', { '/a': ['/a'], '/a\n': ['/a'], '/ab': null }],
  ['/a$', { '/a\n': ['/a'], '/a\n\n': null }],
  ['/a\\Kb', { '/ab': ['/ab'] }],
  ['/\\bfoo\\b', { '/foo-': ['/foo'], '/foobar': null }],
  // Look-around
  ['/a(?=/z)', { '/a/z': ['/a'], '/a/y': null }],
  ['/(?!x)\\w+', { '/y': ['/y'], '/xy': null }],
  ['/\\w+(?<=ab)$', { '/zzab': ['/zzab'], '/zzba': null }],
  ['/\\w+(?<!ab|c)$', { '/zzab': null, '/zzba': ['/zzba'], '/zzc': null }],
  ['/(?=(a+))\\1', { '/aab': ['/aa', 'aa'] }],
  // Possessive and atomic
  ['/a++b', { '/aaab': ['/aaab'], '/aaa': null }],
  ['/a++a', { '/aaa': null }],
  ['/a?+ab', { '/ab': null, '/aab': ['/aab'] }],
  ['/a{1,2}+a', { '/aa': null, '/aaa': ['/aaa'] }],
  ['/(?s).{1,2}+x', { '/abx': ['/abx'], '/ax': null }],
  ['/(?>ab|a)c', { '/abc': ['/abc'], '/ac': ['/ac'] }],
  ['/(?>a|ab)c', { '/abc': null }],
  ['/(?>(a)|b)+(c)', { '/bac': ['/bac', 'a', 'c'] }],
  // Quantifiers
  ['/a{,2}b', { '/aab': ['/aab'], '/aaab': null, '/b': ['/b'] }],
  ['/a{ 1, 2 }b', { '/aab': ['/aab'], '/b': null }],
  ['/a{x}{', { '/a{x}{': ['/a{x}{'] }],
  // Characters
  ['/\\Q.*\\E+', { '/.**': ['/.**'], '/xx': null }],
  ['/\\Qa', { '/a': ['/a'] }],
  ['/a\\Eb', { '/ab': ['/ab'] }],
  ['/\\x41\\x{42}\\103\\o{104}\\x2f', { '/ABCD/': ['/ABCD/'] }],
  ['/\\e\\a\\cA\\t', { '/\x1b\x07\x01\t': ['/\x1b\x07\x01\t'] }],
  ['/[\\e\\b\\101]+', { '/\x1b\bA': ['/\x1b\bA'] }],
  ['/\\h\\H\\v\\V', { '/ a\nb': ['/ a\nb'], '/a': null }],
  ['/\\R$', { '/\r\n': ['/\r\n'] }],
  ['/\\R\\n', { '/\r\n': null }],
  ['/\\N+', { '/ab\nc': ['/ab'] }],
  ['/[[:alpha:]_]+[[:^digit:]]', { '/a_-': ['/a_-'], '/a_1': ['/a_'] }],
  ['/[]a]+[^]a]', { '/]ab': ['/]ab'] }],
  ['/[a[]+', { '/[a': ['/[a'] }],
  ['/[a-z&&[^b]]', { '/&]': ['/&]'], '/b]': ['/b]'], '/0]': null }],
  ['/[\\Qa-c\\E]+', { '/-a': ['/-a'], '/b': null }],
  ['/[a\\-z]+', { '/-m': ['/-'] }],
  ['/(?i)[a-c][^x]', { '/By': ['/By'], '/BX': null }],
  ['/(?#any)a', { '/a': ['/a'] }],
  // Bytes, not characters: Kong does not ask PCRE for UTF-8.
  ['/[^/]{3}$', { '/éa': ['/éa'], '/éab': null }],
  ['/.$', { '/é': null }],
  ['/..$', { '/é': ['/é'] }],
  ['/(é+)/x', { '/é/x': ['/é/x', 'é'], '/éé/x': null }],
  ['/\\w', { '/é': null }],
  ['/(?i)é', { '/é': ['/é'], '/É': null }],
  ['/\\xc3\\xa9', { '/é': ['/é'] }],
  ['/日本/(\\d+)', { '/日本/7': ['/日本/7', '7'] }],
  ['/(?<rest>.*)$', { '/日本': ['/日本', '日本'] }],
]

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['/(a', /^missing closing parenthesis at offset 3$/],
  ['/a)', /^unmatched closing parenthesis/],
  ['/[a', /^missing terminating \] for character class/],
  ['/a**', /^quantifier does not follow a repeatable item/],
  ['/a{2}{3}', /^quantifier does not follow/],
  ['/^*', /^quantifier does not follow/],
  ['/a{3,2}', /^numbers out of order in \{\} quantifier/],
  ['/a{70000}', /^number too big in \{\} quantifier/],
  ['/[z-a]', /^range out of order in character class/],
  ['/[a-\\d]', /^invalid range in character class/],
  ['/[[:nope:]]', /^unknown POSIX class name/],
  ['/[[.a.]]', /^POSIX collating elements are not supported/],
  ['/[:alpha:]', /^POSIX named classes are supported only within a class/],
  ['/\\p{Nope}', /^unknown property after \\P or \\p/],
  ['/\\x{100}', /^character code point value in \\x\{\} or \\o\{\} is too large/],
  ['/\\y', /^unrecognized character follows \\/],
  ['/\\u0041', /^PCRE2 does not support/],
  ['/\\', /^\\ at end of pattern/],
  ['/\\1', /^reference to non-existent subpattern/],
  ['/(?P=n)', /^reference to non-existent subpattern/],
  ['/(?<n>a)(?<n>b)', /^two named subpatterns have the same name/],
  ['/(?<1>a)', /^subpattern name must start with a non-digit/],
  ['/(?<a-b>a)', /^syntax error in subpattern name/],
  ['/(?q)a', /^unrecognized character after \(\? or \(\?-/],
  ['/(?<=a+)b', /^length of lookbehind assertion is not limited/],
  ['/(?=a\\Kb)', /^\\K is not allowed in lookarounds/],
  ['/' + '('.repeat(300), /^parentheses are too deeply nested/],
]

const NOT_CARRIED: readonly (readonly [string, RegExp])[] = [
  ['/(?R)?', /^recursion is not supported: write out the levels/],
  ['/(a(?1)?b)', /^recursion/],
  ['/(?(1)a|b)(c)', /^a conditional group is not supported: use alternatives/],
  ['/(a)?\\1', /^a back-reference to a group that may have taken no part is not supported/],
  ['/(?:(a)|b)\\1', /^a back-reference to a group that may/],
  ['/\\1(a)', /^a back-reference to a group that may/],
  ['/(?i)(a)\\1', /^a back-reference under \(\?i\)/],
  ['/(a)b(?<=\\1b)', /^a back-reference in a look-behind/],
  ['/(?<=(?>a))b', /^an atomic group or a possessive quantifier in a look-behind/],
  ['/\\X', /^\\X is not supported: use \. or a class/],
  ['/\\Ga', /^\\G is not supported: use \\A/],
  ['/(*SKIP)a', /^\(\*\.\.\.\) is not supported/],
  ['/(?C1)a', /^a callout is not supported/],
  ['/[[:<:]]a', /^\[\[:<:\]\] or \[\[:>:\]\] is not supported: use \\b/],
]

describe('a path regex of the flavour traditional', () => {
  for (const [source, answers] of ANSWERS) {
    it(`is what PCRE reads: ${source}`, () => {
      const regex = new PathRegex(source, 'pcre')
      for (const [text, groups] of Object.entries(answers)) {
        const match = regex.exec(text)
        assert.deepEqual(match && [...match], groups, JSON.stringify(text))
      }
    })
  }

  for (const [source, message] of REFUSED) {
    it(`is refused as PCRE refuses it: ${source.slice(0, 20)}`, () => {
      assert.match(pcreFault(source) ?? '', message)
    })
  }

  for (const [source, message] of NOT_CARRIED) {
    it(`is refused for what JavaScript lacks, with a way out: ${source.slice(0, 20)}`, () => {
      assert.equal(pcreFault(source), undefined, 'PCRE takes it')
      assert.match(regexFault(source, 'pcre') ?? '', message)
    })
  }

  it('has its groups by name, whatever numbers JavaScript gives them', () => {
    const match = new PathRegex('/(?>x+)(?<a>b)(?J)(?:(?<c>d)|(?<c>e))', 'pcre').exec('/xxbe')
    assert.deepEqual({ ...match?.groups }, { a: 'b', c: 'e' })
  })

  it('begins with the characters that it begins with, whole ones', () => {
    assert.equal(new PathRegex('/日\\xe6', 'pcre').literalPrefix, '/日')
    assert.equal(new PathRegex('/a(?=b)b(?>c)d+', 'pcre').literalPrefix, '/abcd')
    assert.equal(new PathRegex('/(?i)a', 'pcre').literalPrefix, '/')
  })

  it('does not grow without end by calls of calls', () => {
    const calls = Array.from({ length: 12 }, (_, i) => `(${`(?${i + 1})`.repeat(8)})`).join('')
    assert.equal(
      withinTime(2_000, () => {
        assert.match(regexFault(`/(a)${calls}`, 'pcre') ?? '', /so large a pattern/)
      }),
      true,
    )
  })
})

describe('a header regex of the flavour traditional', () => {
  it('matches anywhere, byte by byte', () => {
    const regex = compileRegex('^..b(?!c)', 'pcre')
    assert.equal(regex.test('éb'), true)
    assert.equal(regex.test('ébc'), false)
  })
})
