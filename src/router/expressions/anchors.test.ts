import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseExpression } from '../../util/expression/parser.js'
import { anchorsOf, type Anchors } from './anchors.js'

describe('a route by expression is filed', () => {
  const table: readonly (readonly [string, Anchors['hosts'], Anchors['paths']])[] = [
    ['http.host == "a" && http.path ^= "/b"', ['a'], ['/b']],
    ['http.method == "GET" && http.path == "/b"', null, ['/b']],
    ['http.host == "a" || http.host == "b"', ['a', 'b'], null],
    ['http.host == "a" || http.method == "GET"', null, null],
    ['http.path ~ "^/a/[0-9]+"', null, ['/a/']],
    ['http.path ~ "/a"', null, null],
    ['http.path ~ "^/a|/ab"', null, null],
    ['http.path ~ "^(?i)/a"', null, ['/']],
    ['lower(http.path) == "/a"', null, null],
    ['!(http.path == "/a")', null, null],
    ['http.path != "/a" && http.host =^ "a"', null, null],
    [
      '(http.host == "a" && http.path == "/a") || (http.host == "b" && http.path == "/b")',
      ['a', 'b'],
      ['/a', '/b'],
    ],
  ]
  for (const [text, hosts, paths] of table) {
    it(`${text} under hosts ${String(hosts)} and paths ${String(paths)}`, () => {
      assert.deepEqual(anchorsOf(parseExpression(text)), { hosts, paths })
    })
  }
})
