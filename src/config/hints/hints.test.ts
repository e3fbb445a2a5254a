import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../../plugins/index.js'
import { plannedPlugins } from '../../../plugins/planned.js'
import { ConfigError, type Problem } from '../../errors/config-error.js'
import { definePlugin } from '../../plugin/contract.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { loadConfig } from '../load.js'

const keyAuth = definePlugin({
  name: 'key-auth',
  version: '1.0.0',
  priority: 1250,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      key_names: { type: 'array', items: { type: 'string' }, default: ['apikey'] },
      hide_credentials: { type: 'boolean', default: false },
      realm: { type: 'string' },
      secret: { type: 'string' },
      redis: {
        type: 'object',
        additionalProperties: false,
        properties: { host: { type: 'string' }, port: { type: 'integer', default: 6379 } },
        default: {},
      },
    },
  },
})

function read(text: string): { errors: readonly Problem[]; warnings: readonly Problem[] } {
  const lookup = new PluginRegistry(
    [keyAuth, ...bundledPlugins.filter(({ name }) => name !== 'cors' && name !== 'key-auth')],
    plannedPlugins,
    { disabled: ['cors'] },
  )
  const source = text.includes('_format_version') ? text : `_format_version: "3.0"\n${text}`
  try {
    const { warnings } = loadConfig(
      { text: source, file: 'kong.yml', format: 'auto' },
      { plugins: lookup, now: () => 1700000000000 },
    )
    return { errors: [], warnings }
  } catch (error) {
    if (error instanceof ConfigError) return { errors: error.problems, warnings: error.warnings }
    throw error
  }
}

/** The hint of the only fault, or of that at a path. */
function hintOf(text: string, path?: string): string | undefined {
  const { errors } = read(text)
  const problem = path === undefined ? errors[0] : errors.find((one) => one.path === path)
  assert.ok(problem, `no fault at ${path ?? 'all'}: ${errors.map((one) => one.path).join(', ')}`)
  return problem.hint
}

const config = (text: string) => `plugins: [{name: key-auth, config: {${text}}}]`

describe('the way out of a scalar that YAML takes for something else', () => {
  const cases: [title: string, text: string, hint: string][] = [
    [
      'a word that is a boolean',
      config('realm: on'),
      'YAML reads on as true; put quotes around it: "on"',
    ],
    [
      'a plain boolean',
      config('realm: true'),
      'it is read as a boolean; put quotes around it: "true"',
    ],
    [
      'a version without quotes',
      '_format_version: 3.0\n',
      'it is read as a number; put quotes around it: "3.0"',
    ],
    [
      'a tag that is a number',
      'services: [{host: a.test, tags: [1.0]}]',
      'it is read as a number; put quotes around it: "1.0"',
    ],
    [
      'ports as a sexagesimal number',
      config('realm: 80:80'),
      'YAML reads 80:80 as 4880; put quotes around it: "80:80"',
    ],
    ['a leading zero', config('realm: 010'), 'YAML reads 010 as 8; put quotes around it: "010"'],
    ['a number in quotes', 'services: [{host: a.test, port: "80"}]', 'take the quotes away: 80'],
    [
      'a time with a unit',
      'services: [{host: a.test, read_timeout: 60s}]',
      'write the number without a unit, in milliseconds',
    ],
    ['a broken number', 'services: [{host: a.test, retries: 1.5}]', 'write a whole number'],
    ['a boolean in quotes', config('hide_credentials: "yes"'), 'take the quotes away: yes'],
    [
      'a single letter',
      config('hide_credentials: y'),
      'y and n are text here; write true or false',
    ],
  ]
  for (const [title, text, hint] of cases) {
    it(`names ${title}`, () => {
      assert.equal(hintOf(text), hint)
    })
  }

  it('quotes nothing that may be a secret', () => {
    assert.equal(hintOf(config('secret: 012345')), 'it is read as a number; put quotes around it')
    assert.equal(
      hintOf('consumers: [{username: u, keyauth_credentials: [{key: 80:81}]}]'),
      'it is read as a number; put quotes around it',
    )
  })
})

describe('the way out of a wrong shape', () => {
  const route = (text: string) => `routes: [{${text}}]`
  const cases: [title: string, text: string, hint: string][] = [
    ['one text for a list', route('paths: /a'), 'write a list: [/a]'],
    [
      'texts with commas for a list',
      route('paths: [/], methods: "GET, POST"'),
      'write a list: [GET, POST]',
    ],
    [
      'a header that became a map',
      config('key_names: [X-Key: abc]'),
      'put quotes around the whole, without the space: "X-Key:value"',
    ],
    [
      'a vault reference that became a map',
      config('realm: {vault://env/realm}'),
      'put quotes around the reference: "{vault://env/realm}"',
    ],
    [
      'a template that became a map',
      config('realm: {{ realm }}'),
      'text that begins with { needs quotes around it',
    ],
    ['a list for one text', config('realm: [a]'), 'write one value, not a list'],
    [
      'a map for a list',
      'services: {a: {host: a.test}}',
      'write a list: begin each entry with a dash',
    ],
    [
      'a list for a map',
      'routes: [{headers: ["x-a: b"]}]',
      'write a map: one `name: value` on each line, without dashes',
    ],
    [
      'a name for an entity',
      'consumers: [bob]',
      'write the fields of each entry, as in "- username: ..."',
    ],
  ]
  for (const [title, text, hint] of cases) {
    it(`names ${title}`, () => {
      assert.equal(hintOf(text), hint)
    })
  }
})

describe('the way out of a field from elsewhere', () => {
  const cases: [title: string, text: string, hint: RegExp][] = [
    ["decK's select_tags", '_info: {select_tags: [a]}', /key of decK.*tags of each entity/],
    ["decK's shared configurations", '_plugin_configs: {a: {}}', /key of decK/],
    ['consumer groups', 'consumer_groups: []', /^Kong Enterprise only/],
    [
      'a nested list of Enterprise',
      'consumers: [{username: u, mtls_auth_credentials: []}]',
      /^Kong Enterprise only/,
    ],
    ['the order of plugins', 'plugins: [{name: key-auth, ordering: {}}]', /^Kong Enterprise only/],
    ['an API of old', 'apis: []', /a service with routes/],
    [
      'the address of an old API',
      'services: [{upstream_url: "http://a.test", host: a.test}]',
      /write url/,
    ],
    ['a list of old', config('whitelist: [a]'), /write allow/],
    ['a manifest', 'apiVersion: v1', /Kubernetes/],
    [
      'a field of a route in a service',
      'services: [{host: a.test, strip_path: true}]',
      /^it belongs to a route$/,
    ],
    [
      'a field of a service in a route',
      'services: [{host: a.test, routes: [{paths: [/], read_timeout: 1}]}]',
      /^it belongs to a service$/,
    ],
    [
      'a field of an entity at the top level',
      'strip_path: true',
      /^it belongs to a route: check the indentation$/,
    ],
    [
      'a plugin setting beside config',
      'plugins: [{name: key-auth, key_names: [a]}]',
      /^it belongs under config$/,
    ],
    [
      'what belongs beside config',
      config('protocols: [http]'),
      /^it belongs beside config, not in it$/,
    ],
    ['a setting one level too high', config('host: a.test'), /^it belongs under config\.redis$/],
    [
      'a key in the plugin that asks for it',
      config('key: abc'),
      /^it belongs to the keyauth_credentials of a consumer$/,
    ],
    [
      'credentials of a service',
      'services: [{host: a.test, keyauth_credentials: []}]',
      /^it belongs at the top level or in a consumer$/,
    ],
    [
      'targets in a service',
      'services: [{host: a.test, targets: []}]',
      /^it belongs at the top level or in an upstream$/,
    ],
    [
      'a health check without its record',
      'upstreams: [{name: u.test, passive: {}}]',
      /^it belongs under healthchecks$/,
    ],
    ['a slip of the pen', 'services: [{host: a.test, prot: 80}]', /did you mean port/],
  ]
  for (const [title, text, hint] of cases) {
    it(`names ${title}`, () => {
      assert.match(hintOf(text) ?? '', hint)
    })
  }
})

describe('the way out of credentials whose plugin is not enabled', () => {
  const texts = ['consumers: [{username: u, keyauth_credentials: []}]', 'keyauth_credentials: []']
  for (const text of texts) {
    it(`is to enable it, for ${text}`, () => {
      const context = { plugins: new PluginRegistry([]), now: () => 0 }
      const source = { text: `_format_version: "3.0"\n${text}`, file: 'kong.yml' }
      assert.throws(
        () => loadConfig(source, context),
        (error) => {
          assert.ok(error instanceof ConfigError)
          const [problem] = error.problems
          assert.equal(problem?.message, 'unknown field')
          assert.equal(problem.hint, 'it comes with the plugin key-auth, which is not enabled')
          return true
        },
      )
    })
  }
})

describe('the way out of a plugin that is not there', () => {
  const cases: [name: string, hint: RegExp][] = [
    ['service-protection', /^Kong Enterprise only; the nearest is rate-limiting$/],
    ['opa', /^Kong Enterprise only$/],
    ['key-atuh', /^did you mean key-auth\?$/],
    ['rate-limitting', /^did you mean rate-limiting\?$/],
    ['cors', /^it is bundled, but KONG_PLUGINS does not name it$/],
    ['cors, jwt', /one plugin for each entry/],
    ['my-own', /GW_PLUGIN_PATH/],
  ]
  for (const [name, hint] of cases) {
    it(`for ${name}`, () => {
      assert.match(hintOf(`plugins: [{name: "${name}"}]`) ?? '', hint)
    })
  }
})

describe('the way out of a wrong value', () => {
  const cases: [title: string, text: string, hint: RegExp][] = [
    ['a path without its slash', 'routes: [{paths: [api]}]', /^write \/api$/],
    [
      'an expression without its mark',
      'routes: [{paths: ["^/a/\\\\d+"]}]',
      /^for a regular expression write ~\/a/,
    ],
    [
      'an expression that has its mark too early',
      '_format_version: "2.1"\nroutes: [{paths: ["~/a$"]}]',
      /format 2\.1 has no ~/,
    ],
    ['a method in small letters', 'routes: [{methods: [get]}]', /^write it in capitals: GET$/],
    ['a route that matches nothing', 'routes: [{name: r}]', /takes every request/],
    ['a url without a scheme', 'services: [{url: a.test}]', /begins with http:/],
    ['an address for a host', 'services: [{host: "http://a.test"}]', /whole address as url/],
    ['a host with a port', 'services: [{host: "a.test:80"}]', /port into port/],
    ['a misspelt choice', 'services: [{host: a.test, protocol: htps}]', /did you mean https\?/],
    ['websockets', 'services: [{url: "ws://a.test"}]', /http carries WebSockets/],
    ['an id that is none', 'consumers: [{username: u, id: "1"}]', /leave id out/],
    ['a name with a space', 'services: [{name: a b, host: a.test}]', /- or _/],
    [
      'a reference to nothing',
      'services: [{name: orders, host: a.test}]\nroutes: [{paths: [/], service: order}]',
      /did you mean orders\?/,
    ],
    [
      'a variable in a host',
      'services: [{host: "${HOST}"}]',
      /not expanded: run with --expand-env/,
    ],
    [
      'a variable for a port',
      'services: [{host: a.test, port: "${{ env \\"DECK_PORT\\" }}"}]',
      /not expanded/,
    ],
    ['a variable of nginx', 'services: [{host: $http_host}]', /variables of nginx/],
    ['a placeholder', 'services: [{host: <YOUR_HOST>}]', /placeholder/],
    [
      'a certificate for a public key',
      'consumers: [{username: u, jwt_secrets: [{algorithm: RS256, key: k, rsa_public_key: "-----BEGIN CERTIFICATE-----\\nx"}]}]',
      /openssl x509 -pubkey|rsa_public_key/,
    ],
  ]
  for (const [title, text, hint] of cases) {
    it(`names ${title}`, () => {
      assert.match(hintOf(text) ?? '', hint)
    })
  }
})

describe('variables that nobody has expanded', () => {
  it('are warned of where they pass as text', () => {
    const { warnings } = read(
      'consumers:\n  - username: u\n    keyauth_credentials:\n      - key: ${API_KEY}\n',
    )
    const [warning] = warnings
    assert.ok(warning)
    assert.equal(warning.rule, 'unexpanded-variable')
    assert.equal(warning.path, 'consumers[0].keyauth_credentials[0].key')
    assert.deepEqual([warning.line, warning.column], [5, 14])
    assert.ok(!JSON.stringify(warning).includes('API_KEY'))
  })

  it('are not seen in templates, expressions, code and comments', () => {
    const { errors, warnings } = read(
      [
        'routes: [{paths: ["~/a$", "~/b/(?<x>[^/]+)$"]}]',
        'consumers: [{username: "a$b", custom_id: "$(headers.x)", _comment: "${A}"}]',
      ].join('\n'),
    )
    assert.deepEqual([errors, warnings], [[], []])
  })
})

describe('keys that stand twice in one map', () => {
  const text = ['consumers:', '  - username: a', '    custom_id: x', '    custom_id: y', ''].join(
    '\n',
  )

  it('are warned of, with both places', () => {
    const { errors, warnings } = read(text)
    assert.deepEqual(errors, [])
    assert.deepEqual(
      warnings.map(({ rule, path, line, column, message }) => ({
        rule,
        path,
        line,
        column,
        message,
      })),
      [
        {
          rule: 'duplicate-key',
          path: 'consumers[0].custom_id',
          line: 5,
          column: 5,
          message: 'duplicate key: this one counts, the one at 4:5 does not',
        },
      ],
    )
  })

  it('are warned of beside faults, which they may explain', () => {
    const { errors, warnings } = read(`${text}services: [{}]\n`)
    assert.equal(errors[0]?.message, 'required field missing')
    assert.equal(warnings[0]?.rule, 'duplicate-key')
  })

  it('are seen in JSON', () => {
    const { warnings } = read('{"_format_version": "3.0", "consumers": [], "consumers": []}')
    assert.deepEqual(
      warnings.map(({ path, column }) => [path, column]),
      [['consumers', 45]],
    )
  })

  it('are not those that a merge brings, nor told again for each alias', () => {
    const { warnings } = read(
      [
        '_ignore: [&base {username: a, tags: [x], tags: [y]}]',
        'consumers:',
        '  - <<: *base',
        '    username: b',
        '  - *base',
        '  - *base',
        '  - username: c',
        '    <<: *base',
      ].join('\n'),
    )
    assert.deepEqual(
      warnings.filter(({ rule }) => rule === 'duplicate-key').map(({ path }) => path),
      ['_ignore[0].tags'],
    )
  })
})
