import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { configDocument } from '../../../test/support/arbitrary-config.js'
import { canonical, diffOf, entitiesBetween } from '../../../test/support/diff.js'
import { projectRoot } from '../../../test/support/root.js'

function assertSame(old: string, now: string): void {
  const { verdict, findings, changes, notes } = diffOf(old, now)
  assert.deepEqual([verdict, findings, changes, notes], ['none', [], [], []])
}

describe('files that say the same', () => {
  it('have no difference, whatever is in them', () => {
    fc.assert(
      fc.property(configDocument, (document) => {
        assertSame(JSON.stringify(document), JSON.stringify(document))
      }),
      { seed: 21, numRuns: 150 },
    )
  })

  it('have none when one is the canonical form of the other', () => {
    fc.assert(
      fc.property(configDocument, (document) => {
        const { keyauth_credentials: flat, ...rest } = document
        // A key that is made up at every start is not the one that is printed.
        const consumers = (rest.consumers as readonly Record<string, unknown>[]).map(
          ({ keyauth_credentials: _, ...consumer }) => consumer,
        )
        const text = JSON.stringify({ ...rest, consumers, keyauth_credentials: flat })
        assertSame(text, canonical(text))
      }),
      { seed: 22, numRuns: 150 },
    )
  })

  it('have none for order, comments, anchors, times, defaults and the flat form', () => {
    const nested = `
services:
- name: s
  url: http://a.test:80
  routes:
  - {name: r, paths: [/a, /b], methods: [GET, POST]}
  - {paths: [/unnamed]}
consumers:
- {username: ann, basicauth_credentials: [{username: ann, password: pw}]}
plugins: [{name: cors, config: {origins: [a.test, b.test]}}]`
    const flat = `
# The same, said otherwise.
plugins: [{name: cors, enabled: true, config: {credentials: false, origins: [b.test, a.test]}}]
basicauth_credentials: [{username: ann, password: pw, consumer: ann}]
consumers: [{username: ann, created_at: 1, tags: []}]
routes:
- {paths: [/unnamed], service: s, hosts: []}
- {name: r, paths: &paths [/b, /a], methods: [POST, GET], service: s, strip_path: true}
services: [{name: s, protocol: http, host: a.test, port: 80, connect_timeout: 60000}]`
    assertSame(nested, flat)
  })

  it('have none for a password and what is kept of it', () => {
    const text = (password: string) =>
      `consumers: [{custom_id: x, basicauth_credentials: [{username: u, password: ${password}}]}]`
    const printed = canonical(text('pw'))
    assertSame(text('pw'), printed)
    assertSame(printed, text('pw'))
    assert.equal(diffOf(text('other'), printed).verdict, 'breaking')
  })

  it('have none for a secret that an algorithm does not use', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const credential = { key: 'k', algorithm: 'RS256', rsa_public_key: pem }
    const consumers = [{ username: 'ann', jwt_secrets: [credential] }]
    const text = JSON.stringify({ _format_version: '3.0', consumers })
    assertSame(text, canonical(text))
  })

  it('have none in the example of this project', () => {
    const example = readFileSync(join(projectRoot, 'kong.yml.example'), 'utf8')
    assertSame(example, canonical(example))
  })
})

describe('entities', () => {
  it('are added, removed and changed, field by field, at their places', () => {
    const { changes, verdict } = diffOf(
      'services:\n- {name: a, url: "http://a.test", retries: 1}\n- {name: b, url: "http://b.test"}',
      'services:\n- {name: c, url: "http://c.test"}\n- {name: a, url: "http://a.test", retries: 2, tags: [x]}',
    )
    assert.deepEqual(
      changes.map(({ kind, title, fields, old, new: now }) => [
        kind,
        title,
        fields,
        old?.file,
        old?.line,
        now?.line,
        now?.path,
      ]),
      [
        ['removed', "service 'b'", [], 'old.yml', 4, undefined, undefined],
        [
          'changed',
          "service 'a'",
          [
            { field: 'retries', old: 1, new: 2, isSecret: false },
            { field: 'tags', new: ['x'], isSecret: false },
          ],
          'old.yml',
          3,
          4,
          'services[1]',
        ],
        ['added', "service 'c'", [], undefined, undefined, 3, 'services[0]'],
      ],
    )
    assert.equal(verdict, 'changed')
  })

  it('are followed through a rename, with what refers to them', () => {
    assert.deepEqual(
      entitiesBetween(
        'services: [{name: a, url: "http://a.test", routes: [{name: r, paths: [/x], plugins: [{name: cors}]}]}]',
        'services: [{name: b, url: "http://a.test", routes: [{name: q, paths: [/x], plugins: [{name: cors}]}]}]',
      ),
      [`renamed service 'b'; name "a" -> "b"`, `renamed route 'q'; name "r" -> "q"`],
    )
  })

  it('keep their id through a rename and a change', () => {
    const id = '0b1c8c5e-9f0c-4d52-8a35-111111111111'
    assert.deepEqual(
      entitiesBetween(
        `services: [{id: ${id}, name: a, url: "http://a.test"}]`,
        `services: [{id: ${id}, name: b, url: "http://b.test"}]`,
      ),
      [`changed service 'b'; name "a" -> "b"; host "a.test" -> "b.test"`],
    )
  })

  it('without names are told apart by what they say, and the last one left is the same', () => {
    const routes = (...paths: string[]) =>
      `services: [{name: s, url: "http://a.test", routes: [${paths.map((path) => `{paths: [${path}]}`).join(', ')}]}]`
    assert.deepEqual(entitiesBetween(routes('/a', '/b', '/c'), routes('/c', '/new', '/a')), [
      'changed the route at services[0].routes[1]; paths ["/b"] -> ["/new"]',
    ])
    assert.deepEqual(entitiesBetween(routes('/a', '/b'), routes('/c', '/d')).length, 4)
  })

  it('that move to another owner say from whom to whom', () => {
    const route = (service: string) =>
      `services: [{name: a, url: "http://a.test"}, {name: b, url: "http://b.test"}]\nroutes: [{name: r, paths: [/], service: ${service}}]`
    assert.deepEqual(entitiesBetween(route('a'), route('b')), [
      `changed route 'r'; service "service 'a'" -> "service 'b'"`,
    ])
  })

  it('of all kinds have a title', () => {
    assert.deepEqual(
      entitiesBetween(
        '',
        `
upstreams: [{name: up, targets: [{target: "t.test:80"}]}]
consumers: [{username: ann, acls: [{group: g}], keyauth_credentials: [{key: k}]}]
vaults: [{prefix: my-vault, name: env, config: {prefix: X_}}]
plugins: [{name: rate-limiting, consumer: ann, config: {minute: 1}}, {name: cors}]`,
      ),
      [
        `added consumer 'ann'`,
        `added plugin rate-limiting on consumer 'ann'`,
        'added plugin cors for all requests',
        `added upstream 'up'`,
        `added target 't.test:80' of upstream 'up'`,
        `added vault 'my-vault'`,
        `added key-auth credential of consumer 'ann'`,
        `added ACL group 'g' of consumer 'ann'`,
      ],
    )
  })
})
