// Host (RFC 9112, 3.2): exactly one, and nothing but a host and a port.
import { A, gotGet, gotNext, gotSmuggled, head, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refused, served } from '../outcome.js'
import type { Shortfall } from '../shortfalls.js'

const LINE = `GET ${A} HTTP/1.1`

/** The first letter is lost, and what is left is served; so is the request behind it. */
const SERVED: Shortfall = [
  'lenient',
  served(gotGet(A, { 'x-forwarded-host': ['.test'] }), gotSmuggled),
]

function odd(what: string, ...lines: readonly string[]): Case {
  return [what, head(LINE, ...lines) + SMUGGLED, refused()]
}

/** @param host what the target hears in X-Forwarded-Host */
function good(what: string, line: string, host: string): Case {
  return [
    what,
    [head(LINE, line), NEXT],
    served(gotGet(A, { 'x-forwarded-host': [host] }), gotNext),
  ]
}

export const hosts: CaseClass = {
  name: 'hosts',
  cases: [
    odd('none', 'X-A: 1'),
    odd('empty', 'Host:'),
    odd('blanks alone', 'Host:   '),
    odd('two', 'Host: a', 'Host: b'),
    odd('two equal ones', 'Host: a', 'Host: a'),
    odd('two in different letters', 'Host: a', 'hOST: b'),
    odd('two with others between', 'Host: a', 'X-A: 1', 'X-B: 2', 'Host: b'),
    odd('an empty second', 'Host: a', 'Host:'),
    odd('an empty first', 'Host:', 'Host: a'),
    onUws('silent', odd('a second with a space before the colon', 'Host: a', 'Host : b')),
    onUws('silent', odd('a second that is folded', 'Host: a', ' Host: b')),
    odd('a list', 'Host: a, b'),
    odd('a list without blanks', 'Host: a,b'),
    odd('two words', 'Host: a b'),
    odd('a tab within', 'Host: a\tb'),
    odd('userinfo', 'Host: u@a'),
    odd('userinfo with a password', 'Host: u:p@a'),
    odd('a path', 'Host: a/b'),
    odd('a slash', 'Host: a/'),
    odd('a query', 'Host: a?b'),
    odd('a fragment', 'Host: a#b'),
    odd('a scheme', 'Host: http://a'),
    odd('a backslash', 'Host: a\\b'),
    odd('quotes', 'Host: "a"'),
    odd('angle brackets', 'Host: <a>'),
    odd('an escape', 'Host: a%2eb'),
    odd('an escaped NUL', 'Host: a%00'),
    onUws('silent', odd('a NUL', 'Host: a\0b')),
    onUws('silent', odd('a vertical tab', 'Host: a\v')),
    onUws(SERVED, odd('a letter in UTF-8', 'Host: \xc3\xa4.test')),
    onUws(SERVED, odd('a byte beyond ASCII', 'Host: \xe4.test')),
    odd('an ideographic full stop', 'Host: a\xe3\x80\x82test'),
    odd('a port that is none', 'Host: a:x'),
    odd('a port with a sign', 'Host: a:+80'),
    odd('a port and a word', 'Host: a:80x'),
    odd('a port and a blank', 'Host: a: 80'),
    odd('a port and another', 'Host: a:80:81'),
    odd('a port and userinfo', 'Host: a:80@b'),
    odd('a port of many digits', 'Host: a:800000'),
    odd('a port alone', 'Host: :80'),
    odd('a colon alone', 'Host: :'),
    odd('a dot alone', 'Host: .'),
    odd('two dots', 'Host: a..b'),
    odd('brackets without an address', 'Host: []'),
    odd('brackets that are not closed', 'Host: [::1'),
    odd('a word in brackets', 'Host: [xyz]'),
    odd('a word behind brackets', 'Host: [::1]a'),
    odd('an IPv6 address without brackets', 'Host: ::1'),
    good('in capitals', 'HOST: A.TEST', 'a.test'),
    good('a port', 'Host: a.test:8000', 'a.test'),
    good('an IPv4 address', 'Host: 127.0.0.1', '127.0.0.1'),
    good('an IPv6 address', 'Host: [::1]:80', '[::1]'),
    good('blanks around', 'Host:  \t a.test \t ', 'a.test'),
    good('no blank', 'Host:a.test', 'a.test'),
    good('beside X-Forwarded-Host', 'Host: a.test\r\nX-Forwarded-Host: b.test', 'a.test'),
    good('beside Forwarded', 'Host: a.test\r\nForwarded: host=b.test', 'a.test'),
    good(
      'beside X-Host and X-HTTP-Host-Override',
      'Host: a.test\r\nX-Host: b\r\nX-HTTP-Host-Override: b',
      'a.test',
    ),
    [
      'not the first line',
      [head(LINE, 'X-A: 1', 'Host: a.test'), NEXT],
      served(gotGet(A, { 'x-forwarded-host': ['a.test'] }), gotNext),
    ],
    ['two, one of them denied', head(LINE, 'Host: a', 'Host: denied.test') + SMUGGLED, refused()],
  ],
}
