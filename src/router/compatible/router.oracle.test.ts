// The index against the rules: a router that tries every route in turn, written for this test from the description
// of Kong's flavour and of nothing else, must always name the same winner.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { makeHeaders, makeQuestion, makeRoute } from '../../../test/support/routes.js'
import type { Route } from '../../model/entities.js'
import type { RouteQuestion } from '../contract.js'
import { createRouter } from '../index.js'

// --- the rules, slowly

interface Part {
  readonly route: Route
  readonly paths: readonly string[]
  readonly priority: bigint
  readonly id: string
}

function slowMatch(routes: readonly Route[], question: RouteQuestion): [Route, string] | null {
  let best: Part | null = null
  for (const part of routes.flatMap(split)) {
    const isBetter =
      best === null ||
      part.priority > best.priority ||
      (part.priority === best.priority && part.id > best.id)
    if (isBetter && matches(part, question)) best = part
  }
  return best === null ? null : [best.route, matchedText(best.paths, question.path) ?? '']
}

function split(route: Route): Part[] {
  const paths = route.paths ?? []
  const kinds = [...new Set(paths.map(kindOf))]
  if (kinds.length < 2) return [{ route, paths, priority: priority(route, paths), id: route.id }]
  return kinds.map((kind, i) => {
    const own = paths.filter((path) => kindOf(path) === kind)
    return { route, paths: own, priority: priority(route, own), id: uuid5(`${route.id}#${i + 1}`) }
  })
}

function kindOf(path: string): string {
  return path.startsWith('~') ? 'regex' : String(Buffer.byteLength(path))
}

function uuid5(name: string): string {
  const namespace = Buffer.from('7f145bf90dce4f9198ebdebbce4b9f6b', 'hex')
  const hex = createHash('sha1')
    .update(Buffer.concat([namespace, Buffer.from(name)]))
    .digest('hex')
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`]
  return [...groups, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-')
}

/** LuaJIT: a number is shifted in 32 bits, by the count modulo 32, and widened with its sign; a ULL in 64 bits. */
function priority(route: Route, paths: readonly string[]): bigint {
  const narrow = (value: number, by: number): bigint =>
    BigInt.asUintN(64, BigInt.asIntN(32, BigInt(value) << BigInt(by % 32)))
  const { methods, hosts, headers, snis } = route
  const names = Object.keys(headers ?? {}).length
  const attributes = [methods, hosts, paths, snis].filter((list) => (list ?? []).length > 0).length
  const isRegex = paths[0]?.startsWith('~') ?? false
  const hasWildcard = hosts?.some((host) => host.includes('*')) ?? true
  return (
    narrow(attributes + (names > 0 ? 1 : 0), 61) |
    (hasWildcard ? 0n : 1n << 60n) |
    narrow(names, 52) |
    (isRegex ? 1n << 51n : 0n) |
    narrow(isRegex ? route.regex_priority : 0, 19) |
    (isRegex ? 0n : BigInt(Buffer.byteLength(paths[0] ?? '') & 0x7ffff))
  )
}

function matches({ route, paths }: Part, question: RouteQuestion): boolean {
  const { methods, hosts, headers, snis } = route
  return (
    (methods?.includes(question.method) ?? true) &&
    (hosts?.some((host) => matchesHost(host, question)) ?? true) &&
    (paths.length === 0 || matchedText(paths, question.path) !== undefined) &&
    Object.entries(headers ?? {}).every(([name, values]) =>
      matchesHeader(name, values, question),
    ) &&
    (!question.secure || (snis?.some((sni) => matchesName(sni, question.serverName)) ?? true))
  )
}

function matchedText(paths: readonly string[], path: string): string | undefined {
  for (const own of paths) {
    if (!own.startsWith('~')) {
      if (path.startsWith(own)) return own
      continue
    }
    const match = new RegExp(`^(?:${own.slice(1)})`, 'u').exec(path)
    if (match !== null) return match[0]
  }
  return undefined
}

function matchesHost(pattern: string, { host, port }: RouteQuestion): boolean {
  const [wantedName = '', wantedPort] = pattern.split(':')
  const [name = '', ownPort = String(port)] = host.split(':')
  return matchesName(wantedName, name) && (wantedPort === undefined || wantedPort === ownPort)
}

function matchesName(pattern: string, name: string): boolean {
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1))
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function matchesHeader(name: string, values: readonly string[], question: RouteQuestion): boolean {
  const sent = question.headers.getAll(name).map((value) => value.toLowerCase())
  return values.some((wanted) =>
    wanted.startsWith('~*')
      ? sent.some((value) => new RegExp(wanted.slice(2).toLowerCase()).test(value))
      : sent.includes(wanted.toLowerCase()),
  )
}

// --- tables that overlap, and requests near them

const HOSTS = [
  'a.test',
  'b.test',
  'x.a.test',
  '*.a.test',
  '*.test',
  'a.*',
  'x.*',
  'a.test:8080',
  '*.test:90',
]
const PLAIN = ['/', '/a', '/a/', '/ab', '/a/b', '/a/b/c', '/a/1', '/b', '/b/a', '/é', '/日', '/é1']
const REGEXES = [
  '~/a/\\d+',
  '~/a/[a-z]+$',
  '~/(a|b)/b',
  '~/[^/]+$',
  '~/b/.*/z$',
  '~/a',
  '~/ab?/1',
  '~/(?<first>[ab])/(?<second>[0-9a-z]+)',
  '~/é|/日',
]
const METHODS = ['GET', 'POST', 'PUT']
const VALUES = ['1', '2', 'Three', '~*^t', '~*\\d']

const some = <T>(values: readonly T[], max: number): fc.Arbitrary<T[] | null> =>
  fc.option(fc.subarray([...values], { minLength: 1, maxLength: max }), { freq: 2 })

const anyHeaders = fc.option(
  fc.dictionary(
    fc.constantFrom('x-v', 'X-W', 'x-z'),
    fc.subarray(VALUES, { minLength: 1, maxLength: 2 }),
    { maxKeys: 3, noNullPrototype: true },
  ),
  { freq: 1 },
)

const anyRoute = fc.record({
  methods: some(METHODS, 2),
  hosts: some(HOSTS, 3),
  paths: fc.option(fc.shuffledSubarray([...PLAIN, ...REGEXES], { minLength: 1, maxLength: 4 }), {
    freq: 4,
  }),
  headers: anyHeaders,
  snis: some(['one.test', '*.wild.test', 'x.*'], 1),
  regex_priority: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 255, 4096, -1),
  strip_path: fc.boolean(),
})

const anyTable = fc
  .array(anyRoute, { minLength: 1, maxLength: 40 })
  .map((table) => table.map((fields, i) => makeRoute((i * 7919) % 104_729, fields)))

const anyQuestion = fc
  .record({
    method: fc.constantFrom(...METHODS, 'DELETE'),
    host: fc.constantFrom(
      'a.test',
      'a.test:8080',
      'b.test:90',
      'x.a.test',
      'y.x.a.test',
      'a.org',
      'q',
      '.test',
    ),
    path: fc.constantFrom(
      '',
      '/',
      ...PLAIN,
      '/a/12',
      '/a/xy',
      '/a/b/c/d',
      '/b/x/z',
      '/abc',
      '/q/r',
      '/a/1/',
    ),
    lines: fc.array(
      fc.tuple(fc.constantFrom('x-v', 'x-w', 'X-Z'), fc.constantFrom('1', '2', 'THREE', 'zz')),
      { maxLength: 4 },
    ),
    port: fc.constantFrom(80, 90, 8080),
    serverName: fc.constantFrom('', 'one.test', 'a.wild.test', 'x.y'),
    secure: fc.boolean(),
  })
  .map(({ lines, ...fields }) => makeQuestion({ ...fields, headers: makeHeaders(...lines) }))

describe('the router', () => {
  it('names the winner that trying every route in turn would name', () => {
    let found = 0
    fc.assert(
      fc.property(
        anyTable,
        fc.array(anyQuestion, { minLength: 20, maxLength: 20 }),
        (routes, questions) => {
          const router = createRouter(routes, { flavour: 'traditional_compatible' })
          for (const question of questions) {
            const match = router.match(question)
            const expected = slowMatch(routes, question)
            assert.deepEqual(
              match && [match.route.name, match.prefix],
              expected && [expected[0].name, expected[1]],
            )
            if (match !== null) found++
          }
        },
      ),
      { seed: 20_260, numRuns: 600 },
    )
    assert.ok(found > 1_000, `only ${found} requests had a winner at all`)
  })
})
