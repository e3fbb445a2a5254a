import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HEAD, assertFixed, assertKept } from '../../../test/support/fixing.js'

describe('the format version', () => {
  const rest = 'services:\n- name: a\n  url: http://a\n'

  it('is put in quotes', () => {
    assertFixed(`_format_version: 3.0 # v\n${rest}`, `_format_version: "3.0" # v\n${rest}`)
    assertFixed(`_format_version: 3\n${rest}`, `_format_version: "3.0"\n${rest}`)
  })

  it('is added where the entries begin, with a note', () => {
    const [fix] = assertFixed(`# mine\n\n${rest}`, `# mine\n\n_format_version: "3.0"\n${rest}`)
    assert.match(fix?.note ?? '', /guess/)
    assertFixed('{services: []}', '{"_format_version": "3.0", services: []}')
  })

  it('becomes 3.0 along with the paths of routes', () => {
    const routes = (version: string, one: string, two: string, three: string) =>
      `_format_version: ${version}\nservices:\n- name: a\n  url: http://a\n  routes:\n  - name: r\n    paths: [/plain, ${one}] # p\n  - name: s\n    paths:\n      - ${two}\nroutes:\n- {name: t, paths: ["${three}"]}\n`
    const after = routes("'3.0'", "'~/a/(?<id>[^/]+)'", '~/users/\\d+$', '~/x/.*')
    for (const version of ["'1.1'", "'2.1'"]) {
      assertFixed(routes(version, "'/a/(?<id>[^/]+)'", '/users/\\d+$', '/x/.*'), after)
    }
    assertFixed(
      routes('2.1', "'/a/(?<id>[^/]+)'", '/users/\\d+$', '/x/.*'),
      after.replace("'3.0'", '"3.0"'),
    )
  })

  it('keeps a path that was marked before its time', () => {
    assertFixed(
      `_format_version: "2.1"\nroutes:\n- {name: r, paths: ['~/a/[^/]+']}\n`,
      `_format_version: "3.0"\nroutes:\n- {name: r, paths: ['~/a/[^/]+']}\n`,
    )
  })

  it('stays when nobody knows it', () => {
    assertKept(`_format_version: "3.1"\n${rest}`)
    assertKept(`_format_version: 4\n${rest}`)
  })
})

describe('a path of format 3.0', () => {
  const route = (path: string) => `${HEAD}routes:\n- name: r\n  paths:\n  - ${path} # p\n`

  it('gets ~ when it is plainly a regular expression, and the note says what it was', () => {
    const [fix] = assertFixed(route('/users/\\d+'), route('~/users/\\d+'))
    assert.match(fix?.note ?? '', /as it stands/)
    assertFixed(route('"/users/\\\\d+$"'), route('"~/users/\\\\d+$"'))
    assertFixed(route("'^/files/.*'"), route("'~/files/.*'"))
  })

  it('is written in its normal form', () => {
    assertFixed(route('/a//b/../c%41'), route('/a/cA'))
  })

  it('stays when it would be no expression, or is a template of another product', () => {
    assertKept(route('/a/(?<x/.*'))
    assertKept(route("'/users/{id}'"))
    assertKept(route('/users/:id'))
    assertKept(route("'/api/*'"))
  })
})

describe("a transformer's list of name:value texts", () => {
  const plugin = (headers: string, action = 'add', part = 'headers') =>
    `${HEAD}plugins:\n- name: request-transformer\n  config:\n    ${action}:\n      ${part}:${headers}\n      # end\n`

  it('is made of a map', () => {
    assertFixed(
      plugin('\n        X-A: b # one\n        # two\n        X-B: "c: d"\n        X-C: 1.0'),
      plugin('\n        - "X-A:b" # one\n        # two\n        - "X-B:c: d"\n        - "X-C:1.0"'),
    )
    assertFixed(plugin(" {X-A: b, 'X-B': 'c'}"), plugin(' ["X-A:b", "X-B:c"]'))
  })

  it('is made of a list of maps', () => {
    assertFixed(
      plugin('\n      - X-A: b # one\n      - "X-B:c"\n      - X-C: yes\n        X-D: d # four'),
      plugin('\n      - "X-A:b" # one\n      - "X-B:c"\n      - "X-C:yes"\n      - "X-D:d" # four'),
    )
    assertFixed(
      plugin(' [X-A: b, {X-B: c}, "X-C:d", {X-D: 1, X-E: 2}]'),
      plugin(' ["X-A:b", "X-B:c", "X-C:d", "X-D:1", "X-E:2"]'),
    )
    assertFixed(
      plugin('\n      - {X-A: b}\n      - {X-B: 1, X-C: 2}'),
      plugin('\n      - "X-A:b"\n      - "X-B:1"\n      - "X-C:2"'),
    )
  })

  it('is made of names and values as Kubernetes has them', () => {
    assertFixed(
      plugin('\n      - name: X-A\n        value: b\n      - {name: X-B, value: c}'),
      plugin('\n      - "X-A:b"\n      - "X-B:c"'),
    )
  })

  it('is mended in every action and part', () => {
    for (const action of ['add', 'append', 'replace', 'rename']) {
      for (const part of ['headers', 'querystring', 'body']) {
        assertFixed(plugin('\n      - a: b', action, part), plugin('\n      - "a:b"', action, part))
      }
    }
    assertFixed(
      plugin('\n      - X-A:\n      - X-B: ""', 'remove'),
      plugin('\n      - "X-A"\n      - "X-B"', 'remove'),
    )
  })

  it('says that variables stay what they are', () => {
    const [fix] = assertFixed(
      plugin('\n      - X-A: $remote_addr'),
      plugin('\n      - "X-A:$remote_addr"'),
    )
    assert.match(fix?.note ?? '', /as it stands/)
    const [template] = assertFixed(
      plugin('\n      - X-A: $(headers.x)'),
      plugin('\n      - "X-A:$(headers.x)"'),
    )
    assert.equal(template?.note, undefined)
  })

  it('stays when a value is more than a text', () => {
    assertKept(plugin('\n      - X-A: [b]'))
    assertKept(plugin('\n      - X-A: |\n          b\n          c'))
    assertKept(plugin('\n      - X-A: b', 'remove'))
  })

  it('keeps an anchor, and takes the text of an alias', () => {
    assertFixed(
      plugin('\n      - X-A: &b b\n      - X-B: *b'),
      plugin('\n      - X-A: &b b\n      - "X-B:b"'),
    )
  })
})

describe('credentials of a consumer', () => {
  const consumer = (rest: string) => `${HEAD}consumers:\n- username: u\n${rest}`

  it('are told by their type', () => {
    assertFixed(
      consumer(
        '  # keys\n  credentials: # c\n    - name: key-auth\n      key: k # one\n    # two\n    - key: l\n      plugin: key-auth\n  tags: [a]\n',
      ),
      consumer(
        '  # keys\n  keyauth_credentials: # c\n    - key: k # one\n    # two\n    - key: l\n  tags: [a]\n',
      ),
    )
    assertFixed(
      consumer('  credentials: [{type: basic-auth, username: a, password: b}]\n'),
      consumer('  basicauth_credentials: [{username: a, password: b}]\n'),
    )
  })

  it('are told by their fields, with a note', () => {
    const kinds: readonly (readonly [fields: string, collection: string])[] = [
      ['key: k', 'keyauth_credentials'],
      ['username: a, password: b', 'basicauth_credentials'],
      ['username: a, secret: b', 'hmacauth_credentials'],
      ['key: k, secret: s, algorithm: HS256', 'jwt_secrets'],
      [
        'name: app, client_id: i, client_secret: s, redirect_uris: ["http://a"]',
        'oauth2_credentials',
      ],
      ['group: g', 'acls'],
    ]
    for (const [fields, collection] of kinds) {
      const [fix] = assertFixed(
        consumer(`  credentials:\n  - {${fields}}\n`),
        consumer(`  ${collection}:\n  - {${fields}}\n`),
      )
      assert.match(fix?.note ?? '', /fields/)
    }
  })

  it('of several kinds get a list each', () => {
    assertFixed(
      consumer(
        '  credentials:\n    - type: key-auth\n      key: k\n    - type: jwt\n      key: j\n      secret: s\n    - {type: key-auth, key: l}\n',
      ),
      consumer(
        '  keyauth_credentials:\n    - key: k\n    - {key: l}\n  jwt_secrets:\n    - key: j\n      secret: s\n',
      ),
    )
  })

  it('are renamed from the names of their plugins', () => {
    assertFixed(
      consumer(
        '  key-auth:\n  - key: k\n  basic_auth_credentials: {username: a, password: b}\n  jwt:\n    key: j # j\n    secret: s\n',
      ),
      consumer(
        '  keyauth_credentials:\n  - key: k\n  basicauth_credentials: [{username: a, password: b}]\n  jwt_secrets:\n    - key: j # j\n      secret: s\n',
      ),
    )
  })

  it('move out of the plugins of the consumer', () => {
    assertFixed(
      consumer(
        '  plugins:\n    - name: key-auth\n      config:\n        key: k\n    - name: rate-limiting\n      config: {minute: 5}\n',
      ),
      consumer(
        '  keyauth_credentials:\n    - key: k\n  plugins:\n    - name: rate-limiting\n      config: {minute: 5}\n',
      ),
    )
    assertFixed(
      consumer('  plugins:\n  - {name: basic-auth, config: {username: a, password: b}}\n'),
      consumer('  basicauth_credentials:\n    - {username: a, password: b}\n'),
    )
  })

  it('are made of plain texts', () => {
    assertFixed(
      consumer("  keyauth_credentials: [k, 'l']\n  acls:\n  - admin # all\n"),
      consumer("  keyauth_credentials: [{key: k}, {key: 'l'}]\n  acls:\n  - group: admin # all\n"),
    )
  })

  it('stay when they could be anything, or when there are such already', () => {
    assertKept(consumer('  credentials:\n  - {user: a, pass: b}\n'))
    assertKept(consumer('  credentials:\n  - {key: k}\n  keyauth_credentials:\n  - {key: l}\n'))
    assertKept(consumer('  credentials: secret\n'))
  })
})

describe('a field under its old name', () => {
  const plugin = (name: string, config: string) =>
    `${HEAD}plugins:\n- name: ${name}\n  config:\n${config}`

  it('moves into redis, with the comments about it', () => {
    assertFixed(
      plugin(
        'rate-limiting',
        '    minute: 5\n    # where\n    redis_host: r # here\n    # the port\n    redis_port: 6379\n    fault_tolerant: true\n    redis_ssl: false',
      ),
      plugin(
        'rate-limiting',
        '    minute: 5\n    # where\n    redis:\n      host: r # here\n      # the port\n      port: 6379\n      ssl: false\n    fault_tolerant: true\n',
      ),
    )
    assertFixed(
      `${HEAD}plugins:\n- name: response-ratelimiting\n  config: {redis_host: r, limits: {x: {minute: 5}}, redis_port: 1, redis_timeout: 2}\n`,
      `${HEAD}plugins:\n- name: response-ratelimiting\n  config: {redis: {host: r, port: 1, timeout: 2}, limits: {x: {minute: 5}}}\n`,
    )
  })

  it('joins the redis that is there', () => {
    assertFixed(
      plugin(
        'rate-limiting',
        '    redis_port: 1\n    redis:\n      host: r\n    redis_timeout: 5 # ms\n    redis_host: r\n    redis_username: null\n    minute: 5\n',
      ),
      plugin(
        'rate-limiting',
        '    redis:\n      host: r\n      port: 1\n      timeout: 5\n    minute: 5\n',
      ),
    )
    assertFixed(
      plugin('rate-limiting', '    redis: {host: r}\n    redis_port: 1\n    minute: 5\n'),
      plugin('rate-limiting', '    redis: {host: r, port: 1}\n    minute: 5\n'),
    )
  })

  it('stays where old and new disagree', () => {
    assertKept(
      plugin('rate-limiting', '    redis: {host: r}\n    redis_host: other\n    minute: 5\n'),
    )
  })

  it('is renamed', () => {
    assertFixed(
      plugin('acl', '    whitelist: [a] # in\n') +
        '- {name: ip-restriction, config: {"blacklist": [10.0.0.1]}}\n',
      plugin('acl', '    allow: [a] # in\n') +
        '- {name: ip-restriction, config: {"deny": [10.0.0.1]}}\n',
    )
    assertFixed(
      plugin('opentelemetry', '    endpoint: http://o/v1/traces\n'),
      plugin('opentelemetry', '    traces_endpoint: http://o/v1/traces\n'),
    )
    assertFixed(
      plugin(
        'session',
        '    cookie_lifetime: 60\n    cookie_samesite: off\n    cookie_renew: 5\n    cookie_httponly: true\n',
      ),
      plugin(
        'session',
        '    rolling_timeout: 60\n    cookie_same_site: Lax\n    cookie_http_only: true\n',
      ),
    )
    assertFixed(
      plugin(
        'acme',
        '    storage_config:\n      redis:\n        host: r\n        auth: p\n        namespace: n\n        scan_count: 5\n',
      ),
      plugin(
        'acme',
        '    storage_config:\n      redis:\n        host: r\n        password: p\n        extra_options:\n          namespace: n\n          scan_count: 5\n',
      ),
    )
  })

  it('stays in a plugin that has a field of that name', () => {
    assertKept(plugin('my-plugin', '    redis_host: r\n    whitelist: [a]\n    endpoint: x\n'))
  })
})

describe('a value that is missing', () => {
  const plugin = (config: string) => `${HEAD}plugins:\n- name: rate-limiting\n  config: ${config}\n`

  it('is a guess for the host of Redis, and the note says so', () => {
    const [fix] = assertFixed(
      plugin('\n      minute: 5\n      policy: redis # p'),
      plugin('\n      minute: 5\n      policy: redis # p\n      redis:\n          host: 127.0.0.1'),
    )
    assert.match(fix?.note ?? '', /guess/)
    assertFixed(
      plugin('{policy: redis, minute: 5}'),
      plugin('{policy: redis, redis: {host: 127.0.0.1}, minute: 5}'),
    )
    assertFixed(
      plugin('{policy: redis, minute: 5, redis: {port: 1}}'),
      plugin('{policy: redis, minute: 5, redis: {port: 1, host: 127.0.0.1}}'),
    )
  })

  it('is not added where it is known or not needed', () => {
    assertKept(plugin('{policy: redis, minute: 5, redis: {host: r}}'))
    assertKept(plugin('{policy: local, minute: 5}'))
  })

  it('is memory for the strategy of proxy-cache', () => {
    assertFixed(
      `${HEAD}plugins:\n- name: proxy-cache\n  config:\n    cache_ttl: 5\n`,
      `${HEAD}plugins:\n- name: proxy-cache\n  config:\n    cache_ttl: 5\n    strategy: memory\n`,
    )
  })

  it('is local in place of a policy that needs a database', () => {
    assertFixed(plugin('{policy: cluster, minute: 5}'), plugin('{policy: local, minute: 5}'))
  })
})

describe('what is not of Kong', () => {
  it('becomes a comment at the top level', () => {
    assertFixed(
      `_workspace: default # w\n${HEAD}_konnect:\n  # which\n  control_plane_name: default\n\n_info:\n  defaults: {}\n  select_tags:\n  - a\nservices: []\n`,
      `# _workspace: default # w\n${HEAD}# _konnect:\n#   # which\n#   control_plane_name: default\n\n# _info:\n#   defaults: {}\n#   select_tags:\n#   - a\nservices: []\n`,
    )
  })

  it('stays where it says more than nothing', () => {
    assertKept(`${HEAD}_info:\n  defaults: {service: {retries: 1}}\nservices: []\n`)
    assertKept(`${HEAD}_plugin_configs: {a: {b: 1}}\nservices: []\n`)
    assertKept(
      `${HEAD}plugins:\n- name: acl\n  config: {allow: [a], include_consumer_groups: true}\n`,
    )
    assertKept(`${HEAD}plugins:\n- name: pre-function\n  config: {access: [x], ws_close: [y]}\n`)
  })

  it('is taken out of plugins where it did nothing', () => {
    assertFixed(
      `${HEAD}plugins:\n- config:\n    functions: []\n    access: [x]\n    ws_close: []\n  name: pre-function\n  protocols:\n  - http\n  - ws\n  - wss\n- {name: key-auth, config: {identity_realms: [{scope: cp, id: null}], key_names: [k]}}\n`,
      `${HEAD}plugins:\n- config:\n    access: [x]\n  name: pre-function\n  protocols:\n  - http\n  - https\n- {name: key-auth, config: {key_names: [k]}}\n`,
    )
  })

  it('is http in place of WebSocket', () => {
    assertFixed(
      `${HEAD}services:\n- {name: a, protocol: wss, host: a}\n- {name: b, url: 'ws://b:1/x'}\n- {name: c, url: 'http://c', protocol: ws}\nroutes:\n- {name: r, paths: [/a], protocols: [ws, wss]}\n`,
      `${HEAD}services:\n- {name: a, protocol: https, host: a}\n- {name: b, url: 'http://b:1/x'}\n- {name: c, url: 'http://c', protocol: ws}\nroutes:\n- {name: r, paths: [/a], protocols: [http, https]}\n`,
    )
  })
})

describe('the shape of a value', () => {
  it('becomes a list where one is wanted', () => {
    assertFixed(
      `${HEAD}routes:\n- name: r\n  methods: get, POST # m\n  paths: /a\n  hosts: "a.test"\n- {name: s, methods: [Get], paths: ['/b,c']}\nplugins:\n- {name: cors, config: {origins: '*', methods: 'GET,PUT'}}\n`,
      `${HEAD}routes:\n- name: r\n  methods: [GET, POST] # m\n  paths: [/a]\n  hosts: ["a.test"]\n- {name: s, methods: [GET], paths: ['/b,c']}\nplugins:\n- {name: cors, config: {origins: ['*'], methods: [GET, PUT]}}\n`,
    )
  })

  it('becomes a record where one is wanted', () => {
    assertFixed(
      `${HEAD}upstreams:\n- name: u\n  targets:\n  - a:80 # first\n  - "b:80"\nservices:\n- {name: a, url: 'http://a', plugins: [cors, key-auth]}\n`,
      `${HEAD}upstreams:\n- name: u\n  targets:\n  - target: a:80 # first\n  - target: "b:80"\nservices:\n- {name: a, url: 'http://a', plugins: [{name: cors}, {name: key-auth}]}\n`,
    )
  })

  it('becomes a name where a reference is wanted', () => {
    assertFixed(
      `${HEAD}routes:\n- name: r\n  paths: [/a]\n  service:\n    name: a # it\n- {name: s, paths: [/b], service: {name: "a"}}\nplugins:\n- {name: cors, consumer: {username: u}, route: {name: r}}\n`,
      `${HEAD}routes:\n- name: r\n  paths: [/a]\n  service: a # it\n- {name: s, paths: [/b], service: "a"}\nplugins:\n- {name: cors, consumer: u, route: r}\n`,
    )
  })

  it('stays a reference by id, and one with a comment in between', () => {
    assertKept(
      `${HEAD}routes:\n- {name: r, paths: [/a], service: {id: 5f0c0e7e-0000-4000-8000-000000000000}}\n`,
    )
    assertKept(`${HEAD}routes:\n- name: r\n  paths: [/a]\n  service:\n    # why\n    name: a\n`)
  })

  it('gets the scheme of a URL that is an address alone', () => {
    const [fix] = assertFixed(
      `${HEAD}services:\n- {name: a, url: "a.test/x"}\n- {name: b, url: "b:8080"}\n- {name: c, url: "c:443"}\n`,
      `${HEAD}services:\n- {name: a, url: "http://a.test/x"}\n- {name: b, url: "http://b:8080"}\n- {name: c, url: "https://c:443"}\n`,
    )
    assert.match(fix?.note ?? '', /guess/)
    assertKept(
      `${HEAD}services:\n- {name: a, url: "PUT YOUR URL HERE"}\n- {name: b, url: "$HOST/x"}\n`,
    )
  })
})
