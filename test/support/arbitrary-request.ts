// Requests that are valid for us, of every kind that parsers treat differently; what the fuzzing starts from.
import type { Random } from './random.js'

const METHODS: readonly [string, ...string[]] = [
  ...['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  // Kong serves whatever is made of these characters.
  ...['PROPFIND', 'M-SEARCH', 'FOO', 'A_B', '-'],
] as [string, ...string[]]

const TARGETS: readonly [string, ...string[]] = [
  '/',
  '/',
  '/a/b?x=1&y=2',
  '/orders/17?discount=100%',
  '/%41%2f/..;a=b/',
  '//a//b',
  '/a?b?c=/d&e[]=f|g',
  'http://example.com/a?b',
  'http://example.com:8000',
  'https://example.com?a=b',
]

const HOSTS: readonly [string, ...string[]] = ['a', 'example.com', 'example.com:8000', '[::1]:80']

const LINES: readonly [string, ...string[]] = [
  'Accept: */*',
  'User-Agent: curl/8.5.0',
  'Connection: keep-alive',
  'connection: Keep-Alive, X-Hop',
  'Connection: close',
  'Connection: upgrade\r\nUpgrade: websocket',
  'Content-Type: application/json; charset="utf-8"',
  'Cookie: a=1; b=2',
  'Cookie:c=3',
  'Expect: 100-continue',
  'TE: trailers',
  'X-Empty:',
  'X-Blanks: \t a b \t ',
]

const TOKEN = "abcXYZ019!#$%&'*+-.^_`|~"
const VALUE = 'abc XYZ019-_;,="/\t\xe9\xff'
const DATA = 'abcdef0123456789\r\n\0\xff'
const EXTENSIONS: readonly [string, ...string[]] = ['', '', '', ';a', ';a=b', ';a="b c";d']
const TRAILERS: readonly [string, ...string[]] = ['', '', 'X-Sum: 1\r\n', 'A: b\r\nC:\r\n']

/** One request or several in a row, each as a client may send it. */
export function arbitraryRequests(random: Random): string {
  let text = arbitraryRequest(random)
  while (random.percent(25)) text += arbitraryRequest(random)
  return text
}

function arbitraryRequest(random: Random): string {
  const [framing, body] = arbitraryBody(random)
  const version = framing.startsWith('T') ? '1.1' : random.pick(['1.1', '1.1', '1.1', '1.1', '1.0'])
  const lines = [`Host: ${random.pick(HOSTS)}`]
  if (framing !== '') lines.splice(random.below(2), 0, framing)
  for (let left = lineCount(random); left > 0; left--) {
    lines.splice(random.below(lines.length + 1), 0, arbitraryLine(random))
  }
  const known = version === '1.1' && random.percent(3) ? `1.${2 + random.below(8)}` : version
  const start = `${random.pick(METHODS)} ${random.pick(TARGETS)} HTTP/${known}`
  return `${start}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

function lineCount(random: Random): number {
  return random.percent(2) ? 30 + random.below(30) : random.below(5)
}

function arbitraryLine(random: Random): string {
  if (random.percent(60)) return random.pick(LINES)
  // Long values now and then, so that limits are met.
  if (random.below(500) === 0) return `X-Long: ${'a'.repeat(7_600 + random.below(580))}`
  const length = random.percent(4) ? 200 + random.below(200) : 16
  return `X-${random.text(TOKEN, 1, 8)}: ${random.text(VALUE, 0, length)}`
}

/** The framing line, and the body that it announces. */
function arbitraryBody(random: Random): [framing: string, body: string] {
  const kind = random.below(10)
  if (kind < 4) return ['', '']
  if (kind < 7) {
    const body = random.text(DATA, 0, 40)
    return [`Content-Length: ${body.length}`, body]
  }
  return ['Transfer-Encoding: chunked', chunks(random)]
}

function chunks(random: Random): string {
  let text = ''
  while (random.percent(60)) {
    const data = random.text(DATA, 1, 30)
    const size = data.length.toString(16)
    text += `${random.percent(10) ? '0' : ''}${size}${random.pick(EXTENSIONS)}\r\n${data}\r\n`
  }
  return `${text}0${random.pick(EXTENSIONS)}\r\n${random.pick(TRAILERS)}\r\n`
}
