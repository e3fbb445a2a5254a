// Request targets (RFC 9112, 3.2): the origin form, the absolute form, and what is neither.
import { A, get, gotGet, gotNext, head, NEXT, request, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refused, served } from '../outcome.js'

function odd(what: string, target: string): Case {
  return [what, get(target) + SMUGGLED, refused(), 'unsupported']
}

/** @param path what of the target the gateway sends on: normalised, escaped */
function good(what: string, target: string, path: string): Case {
  return [what, [get(target), NEXT], served(gotGet(path), gotNext)]
}

export const targets: CaseClass = {
  name: 'targets',
  cases: [
    onUws(null, odd('a fragment', `${A}#b`)),
    onUws(null, odd('a fragment behind a query', `${A}?b#c`)),
    onUws(null, odd('a fragment that holds another path', '/CASE/a#/../smuggled')),
    odd('a NUL', '/CASE/\0a'),
    onUws(null, odd('an escaped NUL', '/CASE/a%00')),
    onUws(null, odd('an escape without digits', '/CASE/a%')),
    onUws(null, odd('an escape with one digit', '/CASE/a%4')),
    onUws(null, odd('an escape that is none', '/CASE/a%zz')),
    onUws(null, odd('an escape in the style of JavaScript', '/CASE/a%u0041')),
    odd('a control character', '/CASE/\x01a'),
    onUws(null, odd('a delete character', '/CASE/\x7fa')),
    odd('a tab', '/CASE/a\tb'),
    odd('a vertical tab', '/CASE/a\vb'),
    onUws(null, odd('a way out of the root', '/../CASE/a')),
    onUws(null, odd('a way out of the root behind a name', '/x/../../CASE/a')),
    onUws(null, odd('an escaped way out of the root', '/%2e%2e/CASE/a')),
    odd('a relative path', 'CASE/a'),
    odd('a query alone', '?CASE/a'),
    odd('the asterisk with GET', '*'),
    odd('an asterisk and a path', '*/CASE/a'),
    odd('an authority', 'a:80'),
    odd('an authority and a path', 'a/CASE/a'),
    odd('an address of a mailbox', 'mailto:a@b'),
    odd('a backslash at the start', '\\CASE\\a'),
    [
      'the asterisk with OPTIONS',
      request('OPTIONS * HTTP/1.1') + SMUGGLED,
      refused(),
      'unsupported',
    ],
    good('two slashes at the start', '//CASE/a', '/CASE/a'),
    good('two slashes within', '/CASE//a', '/CASE/a'),
    good('dots', '/CASE/./b/../a', '/CASE/a'),
    good('escaped dots', '/CASE/b/%2e%2e/a', '/CASE/a'),
    good('an escaped slash', '/CASE/a%2fb', '/CASE/a%2Fb'),
    good('an escape of an escape', '/CASE/a%2500', '/CASE/a%2500'),
    good('escaped line ends', '/CASE/a%0d%0aX-A:%20b', '/CASE/a%0D%0AX-A:%20b'),
    good(
      'an escaped request',
      '/CASE/a%20HTTP/1.1%0d%0aHost:%20b',
      '/CASE/a%20HTTP/1.1%0D%0AHost:%20b',
    ),
    good('a backslash', '/CASE/a\\b', '/CASE/a%5Cb'),
    good('quotes', '/CASE/a"b', '/CASE/a%22b'),
    good('UTF-8', '/CASE/\xc3\xbc', '/CASE/%C3%BC'),
    onUws('refuses', good('no UTF-8', '/CASE/\xfc', '/CASE/%FC')),
    good('UTF-8 that is no character', '/CASE/\xef\xbf\xbe', '/CASE/%EF%BF%BE'),
    good('a character that becomes a line feed when it is cut', '/CASE/\xc4\x8aa', '/CASE/%C4%8Aa'),
    good(
      'a character that becomes a space when it is cut',
      '/CASE/\xc4\xa0HTTP/1.1',
      '/CASE/%C4%A0HTTP/1.1',
    ),
    good('an empty query', `${A}?`, `${A}?`),
    good('a query with an escape that is none', `${A}?b=100%`, `${A}?b=100%`),
    good('a query with a URL', `${A}?b=http://c/`, `${A}?b=http://c/`),
    good('a query with question marks', `${A}?b?c`, `${A}?b?c`),
    good('a parameter of a segment', `${A};b=c`, `${A};b=c`),
    good('a colon in the path', '/CASE/a:80', '/CASE/a:80'),
    good('an at sign in the path', '/CASE/@b/a', '/CASE/@b/a'),
    good('a URL in the path', '/CASE/http://b/a', '/CASE/http:/b/a'),
  ],
}

/** @param host what the target hears in X-Forwarded-Host */
function absolute(what: string, target: string, path: string, host: string): Case {
  const got = gotGet(path, { 'x-forwarded-host': [host] })
  return [what, [request(`GET ${target} HTTP/1.1`), NEXT], served(got, gotNext), 'unsupported']
}

export const absoluteTargets: CaseClass = {
  name: 'absolute targets',
  cases: [
    absolute('the same host', `http://a${A}`, A, 'a'),
    absolute('another host, which counts', `http://b.test${A}`, A, 'b.test'),
    absolute('a scheme in capitals', `HTTP://b.test${A}`, A, 'b.test'),
    absolute('a host in capitals', `http://B.TEST${A}`, A, 'b.test'),
    absolute('a port', `http://b.test:81${A}`, A, 'b.test'),
    absolute('an address', `http://127.0.0.1${A}`, A, '127.0.0.1'),
    absolute('an IPv6 address', `http://[::1]${A}`, A, '[::1]'),
    absolute('two slashes in the path', 'http://b.test//CASE/a', '/CASE/a', 'b.test'),
    absolute('a host in the path', 'http://b.test/CASE/c.test', '/CASE/c.test', 'b.test'),
    [
      'a host that is denied',
      request(`GET http://denied.test${A} HTTP/1.1`),
      { answers: [403], reaches: [], connection: 'kept' },
      'unsupported',
    ],
    [
      'a host that is not the denied one of Host',
      [head(`GET http://b.test${A} HTTP/1.1`, 'Host: denied.test'), NEXT],
      served(gotGet(A, { 'x-forwarded-host': ['b.test'] }), gotNext),
      'unsupported',
    ],
    odd('userinfo', `http://u@b.test${A}`),
    odd('userinfo with a password', `http://u:p@b.test${A}`),
    odd('a host in the userinfo', `http://b.test:80@c.test${A}`),
    odd('an empty authority', `http://${A}`),
    odd('no authority', 'http:/CASE/a'),
    odd('a port alone', `http://:80${A}`),
    odd('a port that is none', `http://b.test:x${A}`),
    odd('two ports', `http://b.test:80:81${A}`),
    odd('a port over all bounds', `http://b.test:999999${A}`),
    odd('a backslash before the host', `http:\\\\b.test${A}`),
    odd('a backslash behind the host', `http://b.test\\@c.test${A}`),
    odd('a comma in the host', `http://b.test,c.test${A}`),
    odd('an escaped host', `http://b%2etest${A}`),
    odd('a fragment behind the host', `http://b.test#@c.test${A}`),
    odd('brackets that are not closed', `http://[::1${A}`),
    odd('another scheme', `ftp://b.test${A}`),
    odd('a scheme of a file', 'file:///CASE/a'),
    odd('a scheme that only looks right', `httpx://b.test${A}`),
    odd('no scheme', `://b.test${A}`),
    odd('a way out of the root', 'http://b.test/../CASE/a'),
    [
      'no Host beside it',
      head(`GET http://b.test${A} HTTP/1.1`) + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'two Hosts beside it',
      head(`GET http://b.test${A} HTTP/1.1`, 'Host: a', 'Host: b') + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'a Host beside it that is none',
      head(`GET http://b.test${A} HTTP/1.1`, 'Host: a b') + SMUGGLED,
      refused(),
      'unsupported',
    ],
  ],
}
