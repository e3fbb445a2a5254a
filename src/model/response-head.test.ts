import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keptLines, OVERLAP, ResponseHead, ResponseHeaders } from './response-head.js'

describe('the head of an answer', () => {
  it('stays the text it came as until somebody asks for its headers', () => {
    const fields = 'X-A:1\r\nx-b:  2 \r\n'
    const head = new ResponseHead(200, fields, OVERLAP.none)
    assert.equal(head.fields, fields)
    assert.equal(head.overlap, OVERLAP.none)
    assert.equal(head.headers.get('X-B'), '2')
    assert.equal(head.fields, 'X-A: 1\r\nx-b: 2\r\n')
    assert.equal(head.overlap, OVERLAP.unknown)
  })
  it('keeps bytes beyond ASCII as they are', () => {
    const head = new ResponseHead(200, 'X-A: \xa0caf\xe9\xa0\r\n')
    assert.equal(head.headers.get('x-a'), '\xa0caf\xe9\xa0')
    assert.equal(head.fields, 'X-A: \xa0caf\xe9\xa0\r\n')
  })
  it('sends what a plugin sets as UTF-8', () => {
    const head = new ResponseHead(200, '')
    head.headers.set('X-A', 'ü\u010a')
    assert.equal(Buffer.from(head.fields, 'latin1').toString('utf8'), 'X-A: ü\u010a\r\n')
    // U+010A cut to its low byte would be a line feed.
    assert.equal(head.fields.indexOf('\n'), head.fields.length - 1)
  })
  it('puts the lines of one list over those of the same names in another', () => {
    const head = new ResponseHead(200, 'A: 1\r\nB: 2\r\na: 3\r\n')
    const others = new ResponseHeaders()
    others.add('a', 'x')
    others.add('A', 'y')
    head.headers.override(others)
    assert.equal(head.fields, 'B: 2\r\na: x\r\nA: y\r\n')
  })
  const over = (fields: string, name: string): ResponseHead => {
    const head = new ResponseHead(200, fields, OVERLAP.none)
    const other = new ResponseHead(200, '', OVERLAP.none)
    other.headers.set(name, 'x')
    head.override(other)
    return head
  }
  it('stays text when lines are put over it that it does not have', () => {
    const head = over('A: 1\r\n', 'B')
    assert.equal(head.fields, 'A: 1\r\nB: x\r\n')
    assert.equal(head.overlap, OVERLAP.none)
  })
  for (const name of ['a', 'Server', 'Via', 'X-Kong-Any', 'Content-Type', 'Content-Length']) {
    it(`is read when ${name} is put over it`, () => {
      const head = over('A: 1\r\n', name)
      assert.equal(head.overlap, OVERLAP.unknown)
      assert.equal(head.headers.get(name), 'x')
    })
  }
})

describe('lines that were kept of an answer', () => {
  it('stay the bytes that they were, also several of one name', () => {
    const lines = keptLines([
      ['A', '\xc3\xa9'],
      ['a', '2'],
    ])
    assert.deepEqual(lines.getAll('a'), ['\xc3\xa9', '2'])
  })

  it('are refused when they would break the head', () => {
    // U+010A is no byte, and would leave as a line feed.
    for (const value of ['a\r\nb', 'a\u010ab']) {
      assert.throws(() => keptLines([['A', value]]), TypeError)
    }
    assert.throws(() => keptLines([['a b', '1']]), TypeError)
  })
})
