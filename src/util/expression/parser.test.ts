import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Subsystem } from './fields.js'
import { fieldsOf, parseExpression } from './parser.js'
import { ExpressionError, type Expression } from './tree.js'

/** An expression as its own parentheses: `(a & (b | c))`, each predicate by its value. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'predicate':
      return expression.comparison.type === 'text' ? expression.comparison.value : '?'
    case 'not':
      return `!${shape(expression.item)}`
    default:
      return `(${expression.items.map(shape).join(expression.kind === 'all' ? ' & ' : ' | ')})`
  }
}

function faultOf(text: string, subsystem?: Subsystem): string {
  try {
    parseExpression(text, subsystem)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
  return ''
}

const p = (value: string): string => `http.path == "${value}"`

describe('an expression is read', () => {
  const shapes: readonly (readonly [string, string])[] = [
    [p('a'), 'a'],
    [`${p('a')} && ${p('b')} && ${p('c')}`, '(a & b & c)'],
    [`${p('a')} || ${p('b')} && ${p('c')}`, '((a | b) & c)'],
    [`${p('a')} && ${p('b')} || ${p('c')}`, '(a & (b | c))'],
    [`(${p('a')} && ${p('b')}) || ${p('c')}`, '((a & b) | c)'],
    [`!(${p('a')}||${p('b')})&&${p('c')}`, '(!(a | b) & c)'],
    [`! ( ${p('a')} )`, '!a'],
    [`\n\t( ${p('a')} )\r\n`, 'a'],
  ]
  for (const [text, expected] of shapes) {
    it(`${JSON.stringify(text)} as ${expected}`, () => {
      assert.equal(shape(parseExpression(text)), expected)
    })
  }

  const values: readonly (readonly [string, unknown])[] = [
    ['http.path == "a\\"\\\\\\n\\r\\tb"', 'a"\\\n\r\tb'],
    ['http.path == r#"\\d"x"#', '\\d"x'],
    ['http.path == ""', ''],
    ['net.dst.port == 80', 80],
    ['net.dst.port == 0x1F', 31],
    ['net.dst.port == 017', 15],
    ['net.dst.port == -3', -3],
    ['net.dst.port == 0', 0],
    ['net.port >= 1', 1],
    ['net.src.ip == 10.0.0.1', { address: '10.0.0.1', family: 'ipv4', bits: 32 }],
    ['net.src.ip in 10.0.0.0/8', { address: '10.0.0.0', family: 'ipv4', bits: 8 }],
    ['net.src.ip not  in fd00::/8', { address: 'fd00::', family: 'ipv6', bits: 8 }],
    ['net.src.ip == ::1', { address: '::1', family: 'ipv6', bits: 128 }],
  ]
  for (const [text, expected] of values) {
    it(`${text} with its value`, () => {
      const read = parseExpression(text)
      assert.ok(read.kind === 'predicate')
      assert.deepEqual(read.comparison.value, expected)
    })
  }

  it('with functions in any order', () => {
    for (const text of ['any(lower(http.headers.a))', 'lower( any( http.headers.a ) )']) {
      const read = parseExpression(`${text} == "a"`)
      assert.ok(read.kind === 'predicate')
      assert.deepEqual([read.any, read.lower], [true, true])
    }
  })

  it('with every kind of field', () => {
    const text = [
      'net.protocol == "http"',
      'tls.sni == "a"',
      'http.method == "GET"',
      'http.host == "a"',
      'http.path.segments.0 == "a"',
      'http.path.segments.1_12 == "a"',
      'http.path.segments.len > 1',
      'http.headers.x_a == "a"',
      'http.queries.a.b == "a"',
      'net.src.port < 1024',
      'net.dst.ip != 10.0.0.1',
    ]
    assert.deepEqual(
      fieldsOf(parseExpression(text.join(' && '))).map(({ kind }) => kind),
      [
        'protocol',
        'serverName',
        'method',
        'host',
        'segments',
        'segments',
        'segmentCount',
        'header',
        'query',
        'sourcePort',
        'destinationAddress',
      ],
    )
  })
})

describe('an expression is refused', () => {
  const mismatch = 'Type mismatch between the LHS and RHS values of predicate'
  const noRange = 'Greater/GreaterOrEqual/Less/LessOrEqual operators only supports integer operands'
  const table: readonly (readonly [text: string, fault: string])[] = [
    ['http.paths == "/a"', 'line 1, column 1: Unknown LHS field http.paths'],
    [`${p('a')} &&\n  http.x == "a"`, 'line 2, column 3: Unknown LHS field http.x'],
    ['toString == "a"', 'line 1, column 1: Unknown LHS field toString'],
    ['http.path == 1', `line 1, column 11: ${mismatch}`],
    ['http.path == 10.0.0.1', `line 1, column 11: ${mismatch}`],
    ['net.dst.port == "80"', `line 1, column 14: ${mismatch}`],
    ['net.src.ip == 10.0.0.0/8', `line 1, column 12: ${mismatch}`],
    ['net.src.ip in 10.0.0.1', 'line 1, column 12: In/NotIn operators only supports IP in CIDR'],
    ['http.path in "/a"', 'line 1, column 11: In/NotIn operators only supports IP in CIDR'],
    ['http.path > "a"', `line 1, column 11: ${noRange}`],
    ['net.dst.port ^= 8', 'line 1, column 14: ^= only supports string operands'],
    ['net.dst.port ~ "8"', 'line 1, column 14: Regex operators only supports string operands'],
    [
      'lower(net.dst.port) == 1',
      'line 1, column 1: lower-case transformation function only supported with String type fields',
    ],
    ['upper(http.path) == "a"', 'line 1, column 1: unknown function upper'],
    ['lower(http.path == "a"', 'line 1, column 17: expected )'],
    [
      'http.path.segments.2_1 == "a"',
      'line 1, column 1: illformed http.path.segments.* field http.path.segments.2_1',
    ],
    [
      'http.path.segments.x == "a"',
      'line 1, column 1: illformed http.path.segments.* field http.path.segments.x',
    ],
    ['', 'line 1, column 1: expected a field or a parenthesis'],
    ['"a" == http.path', 'line 1, column 1: expected a field or a parenthesis'],
    ['http.path', 'line 1, column 10: expected an operator, such as == or ^='],
    ['http.path = "a"', 'line 1, column 11: expected an operator, such as == or ^='],
    ['http.path == a', 'line 1, column 14: expected a value: "text", a number or an address'],
    ['http.path == "a', 'line 1, column 14: the text is not closed'],
    [
      'http.path ~ "\\d"',
      'line 1, column 13: unknown escape \\d: write r#"..."# for text as it is',
    ],
    ['net.src.ip == 10.0.0.256', 'line 1, column 15: not an address: 10.0.0.256'],
    ['net.src.ip in 10.0.0.0/33', 'line 1, column 15: not an address: 10.0.0.0/33'],
    [
      'net.dst.port == 99999999999999999',
      'line 1, column 17: the number is too large: 99999999999999999',
    ],
    [`(${p('a')}`, 'line 1, column 18: expected )'],
    [`${p('a')} ${p('b')}`, 'line 1, column 18: expected && or || or the end'],
    [`!${p('a')}`, 'line 1, column 2: expected ( after !'],
    [`${p('a')} &&`, 'line 1, column 20: expected a field or a parenthesis'],
    ['('.repeat(251), 'line 1, column 252: parentheses are nested too deeply'],
  ]
  for (const [text, fault] of table) {
    it(`${JSON.stringify(text.slice(0, 40))}: ${fault}`, () => {
      assert.equal(faultOf(text), fault)
    })
  }

  it('with a regex that is none, or that only PCRE has', () => {
    assert.match(faultOf('http.path ~ "a("'), /^line 1, column 13: invalid regex: /)
    assert.match(faultOf('http.path ~ "a(?=b)"'), /^line 1, column 13: invalid regex: look-around/)
  })

  it('for a stream when it asks for what only HTTP has', () => {
    assert.equal(faultOf(p('a'), 'stream'), 'line 1, column 1: Unknown LHS field http.path')
    assert.equal(faultOf('net.dst.port == 1 && tls.sni == "a"', 'stream'), '')
  })

  it('and not run out of stack by functions in functions', () => {
    const text = `${'lower('.repeat(5000)}http.path${')'.repeat(5000)} == "a"`
    assert.match(faultOf(text), /functions are nested too deeply$/)
  })
})
