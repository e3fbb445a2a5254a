import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dnOf, readLogin, schemePattern } from './login.js'

const LDAP = schemePattern('ldap')

function header(text: string | Buffer, scheme = 'ldap '): string {
  return scheme + Buffer.from(text).toString('base64')
}

describe('a header with a user and a password', () => {
  const read: readonly (readonly [title: string, value: string, username: string, pw: string])[] = [
    ['as Kong documents it', header('einstein:password'), 'einstein', 'password'],
    ['with the scheme in upper case', header('a:b', 'LDAP '), 'a', 'b'],
    ['with blanks before and behind the scheme', header('a:b', ' \tldap \t'), 'a', 'b'],
    ['with colons in the password', header('a:b:c:'), 'a', 'b:c:'],
    ['with letters beyond ASCII', header('jürgen:pä\u{1f600}'), 'jürgen', 'pä\u{1f600}'],
    ['with control characters in the password', header('a:b\n\x01'), 'a', 'b\n\x01'],
    ['without padding', 'ldap YTpi', 'a', 'b'],
  ]
  for (const [title, value, username, password] of read) {
    it(`is read ${title}`, () => {
      assert.deepEqual(readLogin(value, LDAP), { username, password })
    })
  }

  const refused: readonly (readonly [title: string, value: string | undefined])[] = [
    ['is not there', undefined],
    ['is empty', ''],
    ['is the scheme alone', 'ldap'],
    ['has nothing behind the scheme', 'ldap '],
    ['has no blank behind the scheme', header('a:b', 'ldap')],
    ['has another scheme', header('a:b', 'Basic ')],
    ['has text before the scheme', header('a:b', 'invalidldap ')],
    ['is no base64', 'ldap ###'],
    ['has no colon', header('einstein')],
    ['has no user', header(':password')],
    ['has no password', header('einstein:')],
    ['has a colon alone', header(':')],
    ['is no UTF-8', header(Buffer.from('\xff:pw', 'latin1'))],
    ['has a NUL in the user', header('einstein\0:password')],
    ['has a line break in the user', header('einstein\r\nX-Admin: 1:password')],
    ['has a NUL for a password', header('einstein:\0')],
    ['has a NUL behind the password', header('einstein:password\0')],
    ['is longer than Kong takes', header(`a:${'b'.repeat(8_192)}`)],
    ['is huge', `ldap ${' '.repeat(1_000_000)}`],
  ]
  for (const [title, value] of refused) {
    it(`is refused when it ${title}`, () => {
      assert.equal(readLogin(value, LDAP), null)
    })
  }

  it('may have a scheme with characters that mean something in a pattern', () => {
    const scheme = schemePattern('x-(a.b)*')
    assert.deepEqual(readLogin(header('a:b', 'X-(A.B)* '), scheme), {
      username: 'a',
      password: 'b',
    })
    assert.equal(readLogin(header('a:b', 'x-(aab) '), scheme), null)
  })
})

describe('the name of a user in a directory', () => {
  const base = 'ou=people,dc=test'
  const names: readonly (readonly [username: string, escaped: string])[] = [
    ['einstein', 'einstein'],
    ['einstein,ou=other', 'einstein\\,ou\\=other'],
    ['*', '*'],
    ['a+cn=b', 'a\\+cn\\=b'],
    ['"a"', '\\"a\\"'],
    ['a\\', 'a\\\\'],
    ['a\\,b', 'a\\\\\\,b'],
    ['<a;b>', '\\<a\\;b\\>'],
    ['#a#', '\\#a#'],
    [' a b ', '\\ a b\\ '],
    [' ', '\\ '],
    ['  ', '\\ \\ '],
    ['jürgen', 'jürgen'],
  ]
  for (const [username, escaped] of names) {
    it(`has ${JSON.stringify(username)} as one value`, () => {
      assert.equal(dnOf(username, 'uid', base), `uid=${escaped},${base}`)
    })
  }
})
