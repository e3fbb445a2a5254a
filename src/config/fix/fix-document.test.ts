import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ConfigError } from '../../errors/config-error.js'
import { readDocument } from '../document.js'
import { fixDocument } from './fix-document.js'
import { HEAD, assertFixed, assertKept } from '../../../test/support/fixing.js'

describe('the text around a fix', () => {
  it('keeps comments, quotes, blank lines and trailing spaces', () => {
    assertFixed(
      `# head  \n---\n_format_version: '3.0' # three\n\nservices:   \n    - name:  'a'  # a\n      url: "ws://a" # b  \n\n      tags: [ x,  y ]\n# tail`,
      `# head  \n---\n_format_version: '3.0' # three\n\nservices:   \n    - name:  'a'  # a\n      url: "http://a" # b  \n\n      tags: [ x,  y ]\n# tail`,
    )
  })

  it('keeps CRLF, and writes it', () => {
    const before = `${HEAD}plugins:\n- name: rate-limiting\n  config:\n    minute: 5\n    policy: redis # shared\n    # end\n`
    const after = `${HEAD}plugins:\n- name: rate-limiting\n  config:\n    minute: 5\n    policy: redis # shared\n    redis:\n      host: 127.0.0.1\n    # end\n`
    assertFixed(before.replaceAll('\n', '\r\n'), after.replaceAll('\n', '\r\n'))
  })

  it('keeps a byte order mark, which shifts no column', () => {
    const { text, fixes } = fixDocument('\uFEFF_format_version: 3.0\nservices: []\n', 'kong.yml')
    assert.equal(text, '\uFEFF_format_version: "3.0"\nservices: []\n')
    assert.deepEqual([fixes[0]?.line, fixes[0]?.column], [1, 18])
  })

  it('touches neither a second document nor what stands in text', () => {
    assertFixed(
      `_format_version: 3.0\nservices:\n- name: a\n  url: http://a\n  _comment: |\n    credentials:\n    - X-A: b\n---\n_format_version: 3.0\n`,
      `_format_version: "3.0"\nservices:\n- name: a\n  url: http://a\n  _comment: |\n    credentials:\n    - X-A: b\n---\n_format_version: 3.0\n`,
    )
  })
})

describe('what is reported', () => {
  it('names the places of the text before all fixes, in file order', () => {
    const text = `services:\n- name: a\n  url: ws://a\n  routes:\n  - name: r\n    methods: get\n    paths: [/x/\\d+]\n`
    const places = fixDocument(text, 'kong.yml').fixes.map(
      ({ line, column, path }) => `${line}:${column} ${path}`,
    )
    assert.deepEqual(places, [
      '1:1 _format_version',
      '3:8 services[0].url',
      '6:14 services[0].routes[0].methods',
      '6:14 services[0].routes[0].methods[0]',
      '7:13 services[0].routes[0].paths[0]',
    ])
  })

  it('never shows a secret', () => {
    const text = `consumers:\n- username: u\n  credentials:\n  - {type: key-auth, key: hunter2}\n  - type: basic-auth\n    username: u\n    password: hunter2\n- username: v\n  plugins:\n  - {name: jwt, config: {key: hunter2, secret: hunter2}}\n- username: w\n  keyauth_credentials: [hunter2]\nplugins:\n- name: request-transformer\n  config:\n    add:\n      headers:\n      - Authorization: Bearer hunter2\n- name: rate-limiting\n  config: {minute: 1, policy: redis, redis_host: r, redis_password: hunter2}\n`
    const { fixes } = fixDocument(text, 'kong.yml')
    assert.ok(fixes.length >= 6)
    assert.doesNotMatch(JSON.stringify(fixes), /hunter2/)
  })
})

describe('aliases and merge keys', () => {
  it('has a part mended once, where its anchor is', () => {
    assertFixed(
      `${HEAD}_ignore:\n- &limit\n  minute: 5\n  redis_host: r\n  policy: redis\nservices:\n- name: a\n  url: http://a\n  plugins:\n  - {name: rate-limiting, config: *limit}\n- name: b\n  url: http://b\n  plugins:\n  - {name: rate-limiting, config: *limit}\n`,
      `${HEAD}_ignore:\n- &limit\n  minute: 5\n  redis:\n    host: r\n  policy: redis\nservices:\n- name: a\n  url: http://a\n  plugins:\n  - {name: rate-limiting, config: *limit}\n- name: b\n  url: http://b\n  plugins:\n  - {name: rate-limiting, config: *limit}\n`,
    )
  })

  it('looks into merged maps', () => {
    assertFixed(
      `${HEAD}_ignore:\n- &limit {policy: redis, redis_host: r}\nplugins:\n- name: rate-limiting\n  config:\n    <<: *limit\n    minute: 5\n`,
      `${HEAD}_ignore:\n- &limit {policy: redis, redis: {host: r}}\nplugins:\n- name: rate-limiting\n  config:\n    <<: *limit\n    minute: 5\n`,
    )
  })

  it('leaves a merged field alone where the map around has the new one', () => {
    assertKept(
      `${HEAD}_ignore:\n- &limit {policy: redis, redis_host: r}\nplugins:\n- name: rate-limiting\n  config:\n    <<: *limit\n    minute: 5\n    redis: {host: other}\n`,
    )
  })

  it('turns an anchored map into a list only if all who share it want a list', () => {
    const both = (add: string, other: string) =>
      `${HEAD}plugins:\n- name: request-transformer\n  config:\n    add:\n      headers: &shared\n        ${add}\n- name: ${other}\n`
    assertFixed(
      both('X-A: b', 'response-transformer\n  config: {append: {headers: *shared}}'),
      both('- "X-A:b"', 'response-transformer\n  config: {append: {headers: *shared}}'),
    )
    assertKept(both('X-A: b', 'http-log\n  config: {http_endpoint: http://l, headers: *shared}'))
  })
})

describe('a file that is not to be fixed', () => {
  it('fails with the place where it cannot be parsed', () => {
    assert.throws(() => fixDocument('a: b: c\n', 'kong.yml'), ConfigError)
    assert.throws(() => fixDocument('a: *nowhere\n', 'kong.yml'), ConfigError)
  })

  it('comes back as it is when nothing is wrong with it', () => {
    const example = readFileSync(new URL('../../../../kong.yml.example', import.meta.url), 'utf8')
    assertKept(example)
    assertKept('')
    assertKept('- a\n- b\n')
    assertKept('apiVersion: v1\nkind: ConfigMap\ndata: {services: x}\n')
  })

  it('is refused when it is too large to be looked at', () => {
    const text = `services: []\n#${'x'.repeat(8 * 1024 * 1024)}`
    const { text: after, refusal } = fixDocument(text, 'kong.yml')
    assert.equal(after, text)
    assert.match(refusal ?? '', /too large/)
  })
})

describe('a file of JSON', () => {
  it('stays JSON', () => {
    const before = {
      services: [
        {
          name: 'a',
          url: 'ws://a',
          routes: [
            { name: 'r', paths: ['/a/\\d+'], protocols: ['http', 'ws', 'wss'], methods: 'get' },
          ],
          plugins: [
            'cors',
            { name: 'rate-limiting', config: { redis_host: 'r', redis_port: 1, minute: 5 } },
            { name: 'request-transformer', config: { add: { headers: { 'X-A': 'b', 'X-B': 1 } } } },
          ],
        },
      ],
      _workspace: 'x',
      consumers: [{ username: 'u', credentials: [{ type: 'key-auth', key: 'k' }] }],
    }
    for (const indent of [0, 2, '\t']) {
      const { text } = fixDocument(JSON.stringify(before, null, indent), 'kong.json')
      assert.deepEqual(JSON.parse(text), {
        _format_version: '3.0',
        services: [
          {
            name: 'a',
            url: 'http://a',
            routes: [
              { name: 'r', paths: ['~/a/\\d+'], protocols: ['http', 'https'], methods: ['GET'] },
            ],
            plugins: [
              { name: 'cors' },
              { name: 'rate-limiting', config: { redis: { host: 'r', port: 1 }, minute: 5 } },
              { name: 'request-transformer', config: { add: { headers: ['X-A:b', 'X-B:1'] } } },
            ],
          },
        ],
        consumers: [{ username: 'u', keyauth_credentials: [{ key: 'k' }] }],
      })
    }
  })
})

/** Layouts that a file may have without meaning anything by it. */
const LAYOUT = fc.record({
  indent: fc.constantFrom(0, 1, 2, 4),
  eol: fc.constantFrom('\n', '\r\n'),
  comments: fc.boolean(),
  blank: fc.boolean(),
  end: fc.boolean(),
})

describe('any layout', () => {
  it('comes to the same values', () => {
    const fields = fc.shuffledSubarray(
      ['minute: 5', 'redis_host: r', 'redis_port: 7', "redis_password: 'p'", 'policy: redis'],
      { minLength: 2 },
    )
    fc.assert(
      fc.property(LAYOUT, fields, ({ indent, eol, comments, blank, end }, config) => {
        const pad = ' '.repeat(indent)
        const note = comments ? ' # why' : ''
        const lines = [
          '_format_version: "3.0"',
          'plugins:',
          `${pad}- config:${note}`,
          ...config.flatMap((field) => [
            ...(comments ? [`${pad}      # about ${field}`] : []),
            `${pad}      ${field}${note}`,
            ...(blank ? [''] : []),
          ]),
          `${pad}  name: rate-limiting`,
          `${pad}- name: cors${note}`,
        ]
        const text = lines.join(eol) + (end ? eol : '')
        const fixed = fixDocument(text, 'kong.yml')
        assert.equal(fixed.refusal, undefined)
        const wanted = new Set(config.map((field) => field.split(':')[0]))
        const redis = {
          ...(wanted.has('redis_host') ? { host: 'r' } : {}),
          ...(wanted.has('redis_port') ? { port: 7 } : {}),
          ...(wanted.has('redis_password') ? { password: 'p' } : {}),
          ...(wanted.has('policy') && !wanted.has('redis_host') ? { host: '127.0.0.1' } : {}),
        }
        assert.deepEqual(readDocument(fixed.text, 'kong.yml').value, {
          _format_version: '3.0',
          plugins: [
            {
              name: 'rate-limiting',
              config: {
                ...(wanted.has('minute') ? { minute: 5 } : {}),
                ...(wanted.has('policy') ? { policy: 'redis' } : {}),
                ...(Object.keys(redis).length > 0 ? { redis } : {}),
              },
            },
            { name: 'cors' },
          ],
        })
        for (const field of comments ? config : []) {
          assert.ok(fixed.text.includes(`# about ${field}`), 'a comment is gone')
        }
      }),
    )
  })
})
