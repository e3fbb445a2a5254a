import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffOf, findingsBetween } from '../../../test/support/diff.js'
import { LIMITS } from './limits.js'

const service = (name: string, routes: string, plugins = '') =>
  `- {name: ${name}, url: "http://${name}.test/base", plugins: [${plugins}], routes: [${routes}]}\n`
const file = (...services: string[]) => `services:\n${services.join('')}`

const KEY = '{name: key-auth}'

describe('requests', () => {
  it('that no route takes any more are shown by an example', () => {
    const { findings, verdict } = diffOf(
      file(
        service(
          's',
          '{name: a, paths: [/a], methods: [POST], hosts: ["*.x.test"], headers: {x-env: [prod]}}',
        ),
      ),
      file(service('s', '{name: b, paths: [/b]}')),
    )
    assert.equal(verdict, 'breaking')
    assert.deepEqual(
      findings.map(({ rule, message, example }) => [rule, message, example]),
      [
        [
          'route-vanished',
          "POST http://any.x.test/a with x-env: prod is answered by no route any more; it was by route 'a'",
          { method: 'POST', url: 'http://any.x.test/a', headers: { 'x-env': 'prod' }, sni: null },
        ],
        [
          'route-opened',
          "GET http://any.test/b is answered by route 'b', with nothing to guard it; no route took it before",
          { method: 'GET', url: 'http://any.test/b', headers: {}, sni: null },
        ],
      ],
    )
  })

  it('that another route takes say where they go, and without what', () => {
    const old = service('s', '{name: all, paths: [/]}', KEY)
    const now = file(old, service('t', '{name: new, paths: [/new]}'))
    assert.deepEqual(findingsBetween(file(old), now), [
      "loosened route-taken: GET http://any.test/new is answered by route 'new' instead of route 'all' and goes to http://t.test:80/base, without key-auth",
    ])
    const guarded = file(old, service('t', '{name: new, paths: [/new]}', KEY))
    assert.deepEqual(findingsBetween(file(old), guarded), [
      "breaking route-taken: GET http://any.test/new is answered by route 'new' instead of route 'all' and goes to http://t.test:80/base",
    ])
  })

  it('that a removed route leaves to a wider one without authentication are loosened', () => {
    const wide = '{name: all, paths: [/]}'
    const narrow = `{name: admin, paths: [/admin], plugins: [${KEY}]}`
    const [first] = findingsBetween(
      file(service('s', `${wide}, ${narrow}`)),
      file(service('s', wide)),
    )
    assert.equal(
      first,
      "loosened route-taken: GET http://any.test/admin is answered by route 'all' instead of route 'admin' and goes to http://s.test:80/base/admin, without key-auth",
    )
  })

  it('that end the same way are no matter, whichever route takes them', () => {
    const route = (name: string, more: string) => `{name: ${name}, strip_path: false, ${more}}`
    assert.deepEqual(
      findingsBetween(
        file(service('s', `${route('a', 'paths: [/a]')}, ${route('b', 'paths: [/a/b]')}`)),
        file(service('s', route('a', 'paths: [/a]'))),
      ),
      [],
    )
  })

  it('of a route that has changed itself are told apart from those of others', () => {
    const route = (fields: string) => file(service('s', `{name: a, ${fields}}`))
    assert.deepEqual(findingsBetween(route('paths: [/a, /b]'), route('paths: [/a]')), [
      "breaking route-vanished: GET http://any.test/b is answered by no route any more; it was by route 'a'",
    ])
    assert.deepEqual(findingsBetween(route('paths: [/a]'), route('paths: [/a], methods: [GET]')), [
      "breaking route-vanished: POST http://any.test/a is answered by no route any more; it was by route 'a'",
    ])
    assert.deepEqual(findingsBetween(route('paths: [/a]'), route('paths: ["~/a$"]')), [
      "breaking route-vanished: GET http://any.test/a/other is answered by no route any more; it was by route 'a'",
    ])
    assert.deepEqual(findingsBetween(route('paths: [/a]'), route('paths: [/a], hosts: [a.test]')), [
      "breaking route-vanished: GET http://any.test/a is answered by no route any more; it was by route 'a'",
    ])
  })

  it('try every value of a header and every name of TLS', () => {
    const route = (fields: string) => file(service('s', `{name: a, paths: [/a], ${fields}}`))
    assert.deepEqual(
      findingsBetween(route('headers: {x-v: [one, two]}'), route('headers: {x-v: [one]}')),
      [
        "breaking route-vanished: GET http://any.test/a with x-v: two is answered by no route any more; it was by route 'a'",
      ],
    )
    const names = (list: string) => route(`protocols: [https], snis: [${list}]`)
    assert.deepEqual(findingsBetween(names('one.test, two.test'), names('one.test')), [
      "breaking route-vanished: GET https://any.test/a with SNI two.test is answered by no route any more; it was by route 'a'",
    ])
  })

  it('of a service that is switched off are missed', () => {
    const text = file(service('s', '{name: a, paths: [/a]}'))
    assert.deepEqual(findingsBetween(text, text.replace('plugins: []', 'enabled: false')), [
      "breaking route-vanished: GET http://any.test/a is answered by no route any more; it was by route 'a'",
    ])
  })

  it('are missed even where no example of them is found', () => {
    const text = JSON.stringify({
      _format_version: '3.0',
      routes: [{ name: 'a', paths: ['/a'], headers: { 'x-a': ['one\ntwo'] } }],
    })
    assert.deepEqual(findingsBetween(text, ''), [
      "breaking route-vanished: route 'a' is gone; no example of its requests was found",
    ])
  })

  it('are not shown with secrets that a route asks for', () => {
    const [finding] = diffOf(
      'routes: [{name: a, paths: [/a], headers: {x-api-key: [hunter2]}}]',
      '',
    ).findings
    assert.deepEqual(finding?.example?.headers, { 'x-api-key': '***' })
    assert.match(finding.message, /with x-api-key: \*\*\*/)
  })
})

describe('routes that rank the same', () => {
  it('are no difference when chance decides between them', () => {
    const routes = '[{paths: [/a], methods: [GET]}, {paths: [/a], hosts: [], methods: [GET, POST]}]'
    const text = `services: [{name: s, url: "http://s.test", routes: ${routes}}]`
    for (let i = 0; i < 8; i++) assert.equal(diffOf(text, text).verdict, 'none')
  })
})

describe('what is too much', () => {
  it('is left out, and said so', () => {
    const hosts = Array.from({ length: 40 }, (_, i) => `h${i}.test`).join(', ')
    const route = (methods: string) =>
      `routes: [{name: a, hosts: [${hosts}], methods: [${methods}]}]`
    const { notes } = diffOf(route('GET, POST'), route('GET, PUT'))
    assert.deepEqual(notes, [
      "not every combination of path, host, method and header was tried for route 'a'",
    ])
  })

  it('ends in time for patterns that run away', () => {
    const text = (more: string) =>
      `routes: [{name: a, paths: ["~/(a+)+(?:b{3000}|c)$"]}, {name: b, paths: ["/${'a'.repeat(60)}!"]${more}}]`
    const { notes } = diffOf(text(''), text(', methods: [GET]'), {
      ...LIMITS,
      milliseconds: 50,
    })
    assert.deepEqual(notes, ['trying requests took more than 50 ms: some routes were not tried'])
  })

  it('begins with what has changed', () => {
    const text = (path: string) =>
      `routes: [{name: a, paths: [/a]}, {name: b, paths: [/b]}, {name: c, paths: [${path}]}]`
    const limits = { ...LIMITS, questions: 4 }
    const { notes, findings } = diffOf(text('/c'), text('/d'), limits)
    assert.deepEqual(notes, ['2 of 4 routes were not tried: there are too many'])
    assert.equal(findings.length, 2)
  })
})
