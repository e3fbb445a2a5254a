import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  contentLength,
  droppedNames,
  isHost,
  isMethod,
  isTarget,
  listsClose,
} from './request-rules.js'

describe('isMethod', () => {
  it('takes capitals, - and _', () => {
    for (const method of ['GET', 'M-SEARCH', 'X_Y']) assert.ok(isMethod(method), method)
  })

  it('refuses everything else, lower case too, as nginx does', () => {
    for (const method of ['', 'get', 'G@T', 'G(T', 'GET ', 'G\u00c9T']) {
      assert.ok(!isMethod(method), method)
    }
  })
})

describe('isHost', () => {
  it('takes names, addresses and ports', () => {
    for (const host of [
      'a',
      'a.test',
      'a.test.',
      'a_b:80',
      'a:',
      '10.0.0.1:8080',
      '[::1]',
      '[::1]:443',
      // Kong passes it on, and a route's `*.two.test` matches it.
      '.two.test',
    ]) {
      assert.ok(isHost(host), host)
    }
  })

  it('refuses what two parsers could read differently', () => {
    const odd = [
      '',
      ':80',
      '.',
      'a..b',
      'a b',
      'a/b',
      'a\\b',
      'u@a',
      'a,b',
      'a%2e',
      'a#b',
      'a?b',
      'a:8o',
      'a:1:2',
    ]
    for (const host of [...odd, '[::1', '::1', '[x]', 'a"b', 'caf\u00e9', 'a\tb', 'a:123456']) {
      assert.ok(!isHost(host), host)
    }
  })
})

describe('isTarget', () => {
  it('takes every path as it is written', () => {
    for (const target of [
      '/',
      '//a/../b',
      '/a/%2e%2e/x',
      '/..a/...',
      '/a;b=c',
      '/a\\b',
      '/caf\u00e9',
      '/a?b?c',
      '/a[]|{}^"`',
    ]) {
      assert.ok(isTarget(target), target)
    }
  })

  it('lets the query carry broken escapes, as Kong does', () => {
    assert.ok(isTarget('/a?discount=100%'))
    assert.ok(isTarget('/a?b=%zz&c=%00'))
  })

  it('refuses a path that leads above the root', () => {
    for (const target of ['/..', '/../a', '/a/../../b', '/%2e%2E/a', '/a/..%2f..%2fb', '/./../a']) {
      assert.ok(!isTarget(target), target)
    }
    assert.ok(isTarget('/a?x=/../..'))
  })

  it('refuses fragments, controls, broken escapes and bytes that are no UTF-8', () => {
    const odd = [
      '/a#b',
      '/a?b#c',
      '/a\0',
      '/a\x01',
      '/a b',
      '/a\x7f',
      '/%00',
      '/%',
      '/%2',
      '/%zz',
      '/a%00?b',
      '/\ufffd',
    ]
    for (const target of [...odd, '', '*', 'http://a/', 'a']) assert.ok(!isTarget(target), target)
  })
})

describe('contentLength', () => {
  it('takes digits alone', () => {
    assert.equal(contentLength('0'), 0)
    assert.equal(contentLength('012'), 12)
    for (const text of ['', '+1', '-1', '1,1', '0x1', ' 1', '1e3', '9'.repeat(16)]) {
      assert.equal(contentLength(text), -1, text)
    }
  })
})

describe('listsClose', () => {
  it('finds close in any place and case', () => {
    for (const value of ['close', 'Close', 'te, close', 'close,x-hop'])
      assert.ok(listsClose(value), value)
    for (const value of ['', 'keep-alive', 'closed', 'x-close', 'not close'])
      assert.ok(!listsClose(value), value)
  })
})

describe('droppedNames', () => {
  const NAMES = ['X-Plain-1', 'X_Under', 'X.Dot', 'X!']
  const dropped = (ignoresInvalidHeaders: boolean, takesUnderscores: boolean): string[] => {
    const isDropped = droppedNames({ ignoresInvalidHeaders, takesUnderscores })
    return isDropped === null ? [] : NAMES.filter(isDropped)
  }

  it('are those that nginx ignores', () => {
    assert.deepEqual(dropped(true, true), ['X.Dot', 'X!'])
    assert.deepEqual(dropped(true, false), ['X_Under', 'X.Dot', 'X!'])
  })

  it('are none where invalid names are not ignored, underscores or not', () => {
    assert.deepEqual(dropped(false, true), [])
    assert.deepEqual(dropped(false, false), [])
  })
})
