import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeaderList, RequestHeaders } from './header-list.js'

describe('a header list', () => {
  it('finds names whatever their spelling', () => {
    const headers = new HeaderList()
    headers.add('Set-Cookie', 'a=1')
    headers.add('set-cookie', 'b=2')
    assert.equal(headers.get('SET-COOKIE'), 'a=1')
    assert.deepEqual(headers.getAll('Set-Cookie'), ['a=1', 'b=2'])
    assert.equal(headers.has('set-cookie2'), false)
  })
  it('replaces all lines of a name, and keeps the place of the first', () => {
    const headers = new HeaderList()
    for (const [name, value] of [
      ['A', '1'],
      ['B', '2'],
      ['a', '3'],
    ] as const) {
      headers.add(name, value)
    }
    headers.set('a', 'x')
    assert.deepEqual(
      [...headers.entries()],
      [
        ['a', 'x'],
        ['B', '2'],
      ],
    )
    headers.set('b', ['y', 'z'])
    assert.deepEqual(headers.getAll('B'), ['y', 'z'])
  })
  it('removes every line of a name', () => {
    const headers = new HeaderList()
    headers.add('X', '1')
    headers.add('x', '2')
    headers.remove('X')
    assert.equal(headers.size, 0)
  })
  it('refuses what would end the line, without repeating the value', () => {
    const headers = new HeaderList()
    for (const bad of ['a\r\nSet-Cookie: x', 'a\nb', 'a\0b']) {
      assert.throws(() => headers.set('X-Secret', bad), {
        name: 'TypeError',
        message: 'the value of header X-Secret contains a line break or a NUL',
      })
    }
    assert.throws(() => headers.add('bad name', 'x'), TypeError)
    assert.throws(() => headers.add('', 'x'), TypeError)
    assert.equal(headers.size, 0)
  })
})

it('keeps names of request headers in lower case', () => {
  const headers = new RequestHeaders()
  headers.set('X-Forwarded-For', ['a', 'b'])
  headers.add('HOST', 'x')
  assert.deepEqual(headers.names, ['x-forwarded-for', 'x-forwarded-for', 'host'])
})

describe('RequestHeaders of a text', () => {
  const text = 'Host: a\r\nX-A:  b\t\r\nEmpty:\r\nx-a: c:d\r\n'

  it('are a list for whoever asks, in whatever way', () => {
    assert.equal(new RequestHeaders(text).get('x-a'), 'b')
    assert.deepEqual(new RequestHeaders(text).getAll('X-A'), ['b', 'c:d'])
    assert.equal(new RequestHeaders(text).has('empty'), true)
    assert.equal(new RequestHeaders(text).size, 4)
    assert.deepEqual(
      [...new RequestHeaders(text).entries()],
      [
        ['host', 'a'],
        ['x-a', 'b'],
        ['empty', ''],
        ['x-a', 'c:d'],
      ],
    )
  })

  it('can be changed', () => {
    const headers = new RequestHeaders(text)
    headers.remove('X-A')
    headers.set('Host', 'b')
    headers.add('Y', 'c')
    headers.removeWhere((name) => name === 'empty')
    assert.deepEqual(
      [...headers.entries()],
      [
        ['host', 'b'],
        ['y', 'c'],
      ],
    )
    assert.equal(headers.text, '')
  })

  it('stay text until then', () => {
    assert.equal(new RequestHeaders(text).text, text)
  })
})
