import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileExpression, type LuaNames } from './expression.js'
import { bytesOf, LuaList, luaText, textOf, type LuaValue } from './values.js'

const VALUES: Readonly<Record<string, LuaValue>> = {
  a: '5',
  text: 'Hello World',
  list: new LuaList(['one', 'two']),
  double: ([value]) => `${luaText(value)}${luaText(value)}`,
}

const names: LuaNames = { lookUp: (name) => VALUES[name] }

function run(code: string): string {
  return textOf(luaText(compileExpression(code)(names)))
}

function assertAll(cases: Readonly<Record<string, string>>): void {
  for (const [code, expected] of Object.entries(cases)) assert.equal(run(code), expected, code)
}

describe('a Lua expression', () => {
  it('has constants and names', () => {
    assertAll({
      nil: 'nil',
      true: 'true',
      "'x'": 'x',
      '"a\\65\\x42\\u{20AC}é"': 'aAB€é',
      '[==[ [[ ]==]': ' [[ ',
      a: '5',
      nosuch: 'nil',
      list: 'table: 0x00000000',
    })
  })

  it('does arithmetic, also on texts that read like numbers', () => {
    assertAll({
      '1 + 2 * 3': '7',
      '2 ^ 3 ^ 2': '512',
      '-2 ^ 2': '-4',
      '10 * a': '50',
      'a + 1': '6',
      '1 / 2': '0.5',
      '7 % 3': '1',
      '-7 % 3': '2',
      '"0x10" + 0': '16',
      '10 - 4 - 3': '3',
      '-a': '-5',
    })
  })

  it('writes numbers as C does with %.14g', () => {
    assertAll({
      '1e3': '1000',
      '1e14': '1e+14',
      '1e13': '10000000000000',
      '0.1 + 0.2': '0.3',
      '1 / 3': '0.33333333333333',
      '1e-5': '1e-05',
      '1 / 0': 'inf',
      '-1 / 0': '-inf',
      '2 ^ 53': '9.007199254741e+15',
    })
  })

  it('chooses by and, or and not', () => {
    assertAll({
      "nosuch or 'default'": 'default',
      "a == '5' and 'five' or 'other'": 'five',
      "a == 5 and 'number' or 'text'": 'text',
      'not nosuch': 'true',
      'not a == nil': 'false',
      'false or nil': 'nil',
      '1 < 2 and 2 <= 2': 'true',
      "'a' < 'b'": 'true',
      '2 > 1 and 2 >= 3': 'false',
      "a ~= '5'": 'false',
      '(nosuch or a) .. "!"': '5!',
    })
  })

  it('joins, counts in bytes and looks into tables', () => {
    assertAll({
      "a .. '-' .. 1": '5-1',
      '#text': '11',
      '#"é"': '2',
      '#list': '2',
      'list[1] .. list[2]': 'onetwo',
      'list[3]': 'nil',
      "list['1']": 'nil',
      'double(a)': '55',
      'double"x"': 'xx',
    })
  })

  it('knows the methods of texts', () => {
    assertAll({
      '("x"):upper()': 'X',
      'text:lower()': 'hello world',
      'text:len()': '11',
      'text:reverse()': 'dlroW olleH',
      'text:sub(1, 4)': 'Hell',
      'text:sub(-5)': 'World',
      'text:sub(8, -2)': 'orl',
      'text:sub(5, 2)': '',
      'text:byte()': '72',
      'text:byte(99)': 'nil',
      '("ab"):rep(3, "-")': 'ab-ab-ab',
      '("ab"):rep(-1)': '',
      'text:find("o")': '5',
      'text:find("o", 6)': '8',
      'text:find("l+")': '3',
      'text:find("l+", 1, true)': 'nil',
      'text:match("^(%a+) ")': 'Hello',
      'text:match("()ll")': '3',
      'text:match("%d")': 'nil',
      'text:gsub("o", "0")': 'Hell0 W0rld',
      'text:gsub("o", "0", 1)': 'Hell0 World',
      'text:gsub("(%a+) (%a+)", "%2 %1%%")': 'World Hello%',
      'text:gsub("%w+", double)': 'HelloHello WorldWorld',
      'text:gsub("", "-"):sub(1, 4)': '-H-e',
      '("%05.1f|%-4s|%x|%d%%"):format(3.14159, "ab", 255, 7)': '003.1|ab  |ff|7%',
      '("é"):upper()': 'é',
    })
  })

  it('raises what Lua raises', () => {
    const faults: Readonly<Record<string, string>> = {
      '10 * text': "attempt to perform arithmetic on global 'text' (a string value)",
      'nosuch.x': "attempt to index global 'nosuch' (a nil value)",
      'list.a.b': "attempt to index field 'a' (a nil value)",
      'nosuch()': "attempt to call global 'nosuch' (a nil value)",
      'text:nosuch()': "attempt to call method 'nosuch' (a nil value)",
      'a .. nil': 'attempt to concatenate a nil value',
      '1 < "2"': 'attempt to compare number with string',
      'list < list': 'attempt to compare two table values',
      '#1': 'attempt to get length of a number value',
      'text:rep(1e9)': 'resulting string too large',
      'text:sub()': 'bad argument #1 (number expected, got nil)',
      'text:match("(")': 'unfinished capture',
      'text:match("[a")': "malformed pattern (missing ']')",
      'text:match("%")': "malformed pattern (ends with '%')",
      '("%q"):format(1)': "invalid option '%q' to 'format'",
    }
    for (const [code, message] of Object.entries(faults)) {
      assert.throws(() => run(code), { name: 'LuaError', message }, code)
    }
  })

  it('is refused when it is none, in the words of LuaJIT', () => {
    const faults: Readonly<Record<string, string>> = {
      '': "1: unexpected symbol near ')'",
      'a user2': "1: ')' expected near 'user2'",
      'a = 1': "1: ')' expected near '='",
    }
    for (const [code, message] of Object.entries(faults)) {
      assert.throws(() => compileExpression(code), { name: 'SyntaxError', message }, code)
    }
  })

  it('is refused for what is not carried over', () => {
    for (const code of ['(function() end)()', '#{1}', 'double{}', '...', '1LL', 'a), (a']) {
      assert.throws(() => compileExpression(code), { name: 'BeyondExpressions' }, code)
    }
  })

  it('cannot reach what is behind the values', () => {
    assertAll({
      'list.constructor': 'nil',
      'list.__proto__': 'nil',
      'a.constructor': 'nil',
    })
  })
})

describe('the bytes of a text', () => {
  it('are its UTF-8, and come back as it', () => {
    assert.equal(bytesOf('aé€'), 'a\xc3\xa9\xe2\x82\xac')
    assert.equal(textOf(bytesOf('aé€')), 'aé€')
  })

  it('stay when they are no UTF-8', () => {
    assert.equal(textOf('\xe4x'), '\xe4x')
  })
})
