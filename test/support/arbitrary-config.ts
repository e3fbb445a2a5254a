// Random declarative files that are right: nested and flat, with references by name and by id, and with texts that
// YAML is known to take for something else.
import fc from 'fast-check'
import { definePlugin, type AnyPlugin } from '../../src/plugin/contract.js'

type Entity = Record<string, unknown>
export type ConfigDocument = Readonly<Record<string, unknown>>

const ODD = [
  'on',
  'No',
  'y',
  '~',
  'null',
  '1e3',
  '0x1f',
  '010',
  '1_000',
  '80:80',
  '.inf',
  '.5',
  '-',
  '- a',
  '? a',
  '<<',
  '=',
  '#a',
  'a #b',
  'a: b',
  'a:',
  ':a',
  '*a',
  '&a',
  '!a',
  '%a',
  '@a',
  '`a`',
  '{a}',
  '[a]',
  '{{ a }}',
  '"a"',
  "'a'",
  ' a',
  'a ',
  'a\n',
  'a\nb',
  'a\n\nb\n',
  '\na',
  'a\n  b\n c',
  ' a\nb',
  'a \nb',
  'a\tb\nc',
  'a\r\nb',
  '---',
  '...\n---\n',
  '|',
  '>-',
  '2001-01-01',
  '\u0000',
  '\u0007',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ufffe',
  'ä€😀',
  '${A}',
  '{vault://env/a}',
]
/** Any text that is not empty, without lone halves of characters. */
export const oddText = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }),
)

const name = fc.oneof(
  fc.constantFrom('on', 'No', '1e3', '0x1f', '1.5', '~', 'null', '010', 'ä-€', 'a.b_c'),
  fc.stringMatching(/^[a-z0-9._~-]{1,10}$/),
)
const tags = fc.option(fc.array(fc.stringMatching(/^[ -+\-.0-~]{1,8}$/), { maxLength: 3 }))
const domain = fc.stringMatching(/^[a-z][a-z0-9]{0,6}\.(?:test|example)$/)
const segment = fc.stringMatching(/^[a-z0-9]{1,6}$/)
const path = fc.oneof(
  segment.map((text) => `/${text}`),
  segment.map((text) => `~/${text}/(?<id>\\d+)$`),
)
const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    oddText,
    fc.constant(''),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(oddText, tie('value'), { maxKeys: 3 }),
  ),
})).value

/** Anything that a plugin without a schema of its own takes. */
const config = fc.dictionary(oddText, plainValue, { maxKeys: 4 })

const plugin = (pluginName: string) =>
  fc.record(
    {
      name: fc.constant(pluginName),
      config,
      enabled: fc.boolean(),
      tags,
      protocols: fc.subarray(['http', 'https', 'grpc', 'grpcs'], { minLength: 1 }),
    },
    { requiredKeys: ['name'] },
  )
/** At most one use of each in one place. */
const plugins = fc
  .tuple(plugin('one'), plugin('two'), fc.subarray([0, 1]))
  .map(([one, two, chosen]) => [one, two].filter((_, index) => chosen.includes(index)))

const route = fc.record(
  {
    paths: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
    hosts: fc.option(fc.uniqueArray(domain, { maxLength: 2 })),
    methods: fc.subarray(['GET', 'POST', 'DELETE']),
    headers: fc.dictionary(
      fc.stringMatching(/^x-[a-z]{1,5}$/),
      fc.array(oddText, { minLength: 1, maxLength: 2 }),
      { maxKeys: 2 },
    ),
    strip_path: fc.boolean(),
    preserve_host: fc.boolean(),
    regex_priority: fc.integer({ min: 0, max: 9 }),
    tags,
    plugins,
  },
  { requiredKeys: ['paths'] },
)

const service = fc.record(
  {
    host: domain,
    protocol: fc.constantFrom('http', 'https'),
    port: fc.integer({ min: 1, max: 65535 }),
    path: fc.option(segment.map((text) => `/${text}`)),
    retries: fc.integer({ min: 0, max: 9 }),
    read_timeout: fc.integer({ min: 1, max: 99_999 }),
    enabled: fc.boolean(),
    tags,
    plugins,
    routes: fc.array(route, { maxLength: 2 }),
  },
  { requiredKeys: ['host'] },
)

const consumer = fc.record(
  {
    tags,
    plugins,
    acls: fc
      .uniqueArray(oddText, { maxLength: 2 })
      .map((groups) => groups.map((group) => ({ group }))),
    keyauth_credentials: fc.array(fc.record({ tags }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

const upstream = fc.record(
  {
    algorithm: fc.constantFrom('round-robin', 'consistent-hashing', 'least-connections', 'latency'),
    hash_on: fc.constantFrom('none', 'ip', 'consumer'),
    slots: fc.integer({ min: 10, max: 100 }),
    tags,
    targets: fc.uniqueArray(
      fc.record({ target: domain, weight: fc.nat(100) }, { requiredKeys: ['target'] }),
      { maxLength: 3, selector: ({ target }) => target },
    ),
  },
  { requiredKeys: [] },
)

interface Parts {
  readonly services: readonly Entity[]
  readonly routes: readonly Entity[]
  readonly consumers: readonly Entity[]
  readonly upstreams: readonly Entity[]
  readonly globals: readonly Entity[]
  readonly serviceNames: readonly string[]
  readonly routeNames: readonly string[]
  readonly usernames: readonly string[]
  readonly customIds: readonly string[]
  readonly keys: readonly string[]
  readonly ids: readonly string[]
  /** Which of the ways to say one thing is taken, in turn. */
  readonly choices: readonly number[]
}

const unique = (text: fc.Arbitrary<string>, length: number) =>
  fc.uniqueArray(text, { minLength: length, maxLength: length })

export const configDocument: fc.Arbitrary<ConfigDocument> = fc
  .record<Parts>({
    services: fc.array(service, { maxLength: 3 }),
    routes: fc.array(route, { maxLength: 3 }),
    consumers: fc.array(consumer, { maxLength: 3 }),
    upstreams: fc.array(upstream, { maxLength: 2 }),
    globals: fc.array(plugin('three'), { maxLength: 1 }),
    serviceNames: unique(name, 3),
    routeNames: unique(name, 3),
    usernames: unique(oddText, 3),
    customIds: unique(oddText, 3),
    keys: unique(oddText, 3),
    ids: unique(fc.uuid(), 6),
    choices: fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
  })
  .map(assemble)

/** Gives names and ids, and links what stands at the top level. */
function assemble(parts: Parts): ConfigDocument {
  let turn = 0
  const choose = () => parts.choices[turn++ % parts.choices.length] ?? 0
  const services = parts.services.map((entity, index) => ({
    ...entity,
    ...(choose() > 0 ? { name: parts.serviceNames[index] } : {}),
    id: parts.ids[index],
  }))
  const routes = parts.routes.map((entity, index) => {
    const target = services[choose() % 3]
    return { ...entity, name: parts.routeNames[index], ...reference('service', target, choose()) }
  })
  const consumers = parts.consumers.map((entity, index) => ({
    ...entity,
    username: parts.usernames[index],
    ...(choose() === 0 ? { custom_id: parts.customIds[index] } : {}),
  }))
  const flat = parts.consumers.map((_, index) => ({
    key: parts.keys[index],
    consumer: parts.usernames[index],
  }))
  return {
    _format_version: '3.0',
    services,
    routes,
    consumers,
    keyauth_credentials: flat,
    upstreams: parts.upstreams.map((entity, index) => ({ ...entity, name: `up${index}.test` })),
    plugins: parts.globals.map((entity) => ({
      ...entity,
      ...reference('service', services[0], choose()),
      ...(routes[0] === undefined || choose() > 1 ? {} : { route: routes[0].name }),
    })),
  }
}

/** By name, by id, as an object, or not at all. */
function reference(field: string, target: Entity | undefined, choice: number): Entity {
  if (target === undefined || choice === 3) return {}
  if (choice === 0) return { [field]: { id: target.id } }
  return { [field]: choice === 1 && target.name !== undefined ? target.name : target.id }
}

/** What such files use besides the bundled plugins. */
export const documentPlugins: readonly AnyPlugin[] = [
  anyPlugin('one'),
  anyPlugin('two'),
  anyPlugin('three'),
  anyPlugin('not-for-consumers', ['global', 'service', 'route']),
]

function anyPlugin(name: string, scopes?: AnyPlugin['scopes']): AnyPlugin {
  return definePlugin({
    name,
    version: '1.0.0',
    priority: 1,
    schema: { type: 'object' },
    ...(scopes === undefined ? {} : { scopes }),
  })
}
