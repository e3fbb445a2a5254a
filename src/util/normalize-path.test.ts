import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizePath } from './normalize-path.js'

describe('normalizePath', () => {
  const cases: readonly (readonly [path: string, normal: string])[] = [
    ['', ''],
    ['/', '/'],
    ['/%6B%6f%6e%67', '/kong'],
    ['/a//b//', '/a/b/'],
    ['/f%6f%6f', '/foo'],
    ['/a%2fb', '/a%2Fb'],
    ['/a/b/c/./../../g', '/a/g'],
    ['/./.././../', '/'],
    ['/a/%2e%2e/b', '/b'],
    ['/a/..', '/'],
    ['/a/.', '/a/'],
    ['/.well-known', '/.well-known'],
    ['/%C3%B8%2f', '/ø%2F'],
    ['/%C3', '/%C3'],
    ['/a%20b', '/a b'],
    ['/100%', '/100%'],
  ]
  for (const [path, normal] of cases) {
    it(`turns ${JSON.stringify(path)} into ${JSON.stringify(normal)}`, () => {
      assert.equal(normalizePath(path), normal)
    })
  }
})
