import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaFault } from './compile-fault.js'

/** The fault without the name of the chunk. */
function faultOf(code: string): string | undefined {
  return luaFault(code)?.replace(/^\[string ".*?"\]:(?=\d)/, '')
}

test('accepts what LuaJIT accepts', () => {
  const good = [
    '',
    '#!/usr/bin/lua\nx = 1',
    '\ufeffx = 1',
    'local a, b = 1; function a.b.c:d(x, ...) return x, ... end',
    'for i = 1, 10, 2 do if i then goto continue end local x = i ::continue:: end',
    'for k, v in pairs(t) do t[k] = { v, [k] = v; name = v } end',
    'repeat local done = f "x" { y } :z() until done',
    'while true do break print(1) end',
    'return not -#x ^ 2 .. "a" == b and c or d;',
    'x = 0xffULL + 12ll + 1i + 0x.8p1 + 0b101 + 5. + .5e-3',
    String.raw`x = "\x41\u{48}\065\z   tail\"" .. '\'' .. [==[ ]] ]==] --[[ y
    ]] --[=x`,
    'local é = 1',
    // Lua 5.2: empty statements, and a call may go on in the next line.
    ';;',
    'f()\n(g)()',
  ]
  for (const code of good) assert.equal(luaFault(code), undefined, code)
})

test('names the first fault as LuaJIT does', () => {
  const faults = {
    'print(': "1: unexpected symbol near '<eof>'",
    'x = = 1': "1: unexpected symbol near '='",
    'foo bar': "1: '=' expected near 'bar'",
    '\n\n$x': "3: unexpected symbol near '$'",
    'x = 1 // 2': "1: unexpected symbol near '/'",
    'return 1 foo': "1: '<eof>' expected near 'foo'",
    'goto = 1': "1: '<name>' expected near '='",
    'a.b:c = 1': "1: function arguments expected near '='",
    '(a) = 1': "1: syntax error near '='",
    'a, f() = 1': "1: syntax error near '='",
    'for x y': "1: '=' or 'in' expected near 'y'",
    'function f(1) end': "1: <name> or '...' expected near '1'",
    'if x then y()': "1: 'end' expected near '<eof>'",
    'if x then\n y()\n': "3: 'end' expected (to close 'if' at line 1) near '<eof>'",
    'f(\n1 "two"': "2: ')' expected (to close '(' at line 1) near '\"two\"'",
    'x = { 1 2 }': "1: '}' expected near '2'",
    'function f() return ... end': "1: cannot use '...' outside a vararg function near '...'",
    '\x01': "1: unexpected symbol near 'char(1)'",
  }
  for (const [code, fault] of Object.entries(faults)) assert.equal(faultOf(code), fault, code)
})

test('names faults inside numbers and texts', () => {
  const faults = {
    'x = 3x': "1: malformed number near '3x'",
    'x = 1.5LL': "1: malformed number near '1.5LL'",
    'x = "abc': "1: unfinished string near '<eof>'",
    'x = "abc\n"': "1: unfinished string near '\"abc'",
    'x = [[a\nb': "2: unfinished long string near '<eof>'",
    '--[[ abc': "1: unfinished long comment near '<eof>'",
    'x = [==': "1: invalid long string delimiter near '[=='",
    [String.raw`x = "ab\q"`]: "1: invalid escape sequence near '\"ab'",
    [String.raw`x = "\300"`]: "1: invalid escape sequence near '\"'",
    [String.raw`x = "\u{110000}"`]: "1: invalid escape sequence near '\"'",
  }
  for (const [code, fault] of Object.entries(faults)) assert.equal(faultOf(code), fault, code)
})

test('knows where a jump may lead', () => {
  const faults = {
    'x = 1\nbreak': '2: no loop to break',
    'while x do f(function() break end) end': '1: no loop to break',
    '\ngoto x': "2: undefined label 'x'",
    'do ::x:: end goto x': "1: undefined label 'x'",
    '::a:: ::a::': "1: duplicate label 'a'",
    'goto a; local x; ::a:: f()': "1: <goto a> jumps into the scope of local 'x'",
    'repeat goto a; local x; ::a:: until x': "1: <goto a> jumps into the scope of local 'x'",
    'do goto a; local x; ::a:: end': undefined,
    '::a:: do ::a:: goto a end goto a': undefined,
  }
  for (const [code, fault] of Object.entries(faults)) assert.equal(faultOf(code), fault, code)
})

test('calls the code by its first line, cut to what LuaJIT shows', () => {
  const names = {
    'local x = $\nreturn x': '[string "local x = $..."]',
    '\n$': '[string "..."]',
    [`$${'a'.repeat(47)}`]: `[string "$${'a'.repeat(47)}"]`,
    [`$${'a'.repeat(48)}`]: `[string "$${'a'.repeat(44)}..."]`,
    [`$${'é'.repeat(24)}`]: `[string "$${'é'.repeat(22)}..."]`,
    [`$${'é'.repeat(23)}xy`]: `[string "$${'é'.repeat(22)}..."]`,
    [`$$${'é'.repeat(23)}`]: `[string "$$${'é'.repeat(23)}"]`,
    [`$$${'é'.repeat(24)}`]: `[string "$$${'é'.repeat(21)}..."]`,
  }
  for (const [code, name] of Object.entries(names)) {
    const fault = luaFault(code) ?? ''
    assert.equal(fault.slice(0, fault.lastIndexOf(']') + 1), name)
  }
})

test('shows no more of a text than the start of its first line', () => {
  assert.equal(faultOf('local [[a\nb]]'), "2: '<name>' expected near '[[a...'")
  assert.equal(faultOf(`local "${'a'.repeat(500)}"`)?.length, 111)
})

test('stays within its stack and in linear time on hostile code', () => {
  const tooDeep = /: chunk has too many syntax levels$/
  for (const opener of ['x = (', 'x = {', 'f(', 'x = - ', 'do ', 'function f() ']) {
    const [, start = '', again = ''] = /^(x = )?(.*)$/.exec(opener) ?? []
    assert.match(luaFault(start + again.repeat(1e5)) ?? '', tooDeep, opener)
  }
  assert.match(luaFault(labels(1e5)) ?? '', tooDeep)
  assert.match(luaFault(`x = ${'a..'.repeat(200)}a`) ?? '', tooDeep)
  assert.equal(luaFault(`x = ${'a+'.repeat(3e5)}a`), undefined)
  const names = Array.from({ length: 201 }, (_, index) => `a${String(index)}`).join()
  assert.equal(faultOf(`local ${names}`), '1: main function has more than 200 local variables')
  assert.equal(faultOf(`${names} = 1`), '1: main function has more than 200 variable names')

  const started = performance.now()
  luaFault('goto a '.repeat(50_000) + labels(50_000))
  luaFault(`${'do '.repeat(190)}${'goto a '.repeat(2e4)}${'end '.repeat(190)}::a::`)
  luaFault(`x = ${'1'.repeat(1e6)}z`)
  luaFault(`x = "${String.raw`\n`.repeat(5e5)}`)
  assert.ok(performance.now() - started < 5000)
})

function labels(count: number): string {
  return Array.from({ length: count }, (_, index) => `::l${String(index)}::`).join(' ')
}
