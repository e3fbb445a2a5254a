import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffOf, findingsBetween } from '../../../test/support/diff.js'
import { LIMITS } from './limits.js'

interface Uses {
  /** On service s. */
  readonly s?: string
  /** On its routes r and q. */
  readonly r?: string
  readonly q?: string
  readonly global?: string
}

const CONSUMERS = 'consumers: [{username: ann}, {username: nobody}]'

const file = ({ s = '', r = '', q = '', global = '' }: Uses, more = CONSUMERS) => `
services:
- name: s
  url: http://s.test
  plugins: [${s}]
  routes:
  - {name: r, paths: [/r], plugins: [${r}]}
  - {name: q, paths: [/q], plugins: [${q}]}
plugins: [${global}]
${more}`

const found = (old: Uses, now: Uses, more?: string) =>
  findingsBetween(file(old, more), file(now, more))

const KEY = '{name: key-auth}'
const ANONYMOUS = '{name: key-auth, config: {anonymous: nobody}}'

describe('authentication', () => {
  it('that is gone lets anyone call', () => {
    assert.deepEqual(found({ r: KEY }, {}), [
      "loosened auth-removed: requests on route 'r' no longer have to pass key-auth: anyone may call",
    ])
  })

  it('of a service is said once, for all its routes', () => {
    const { findings } = diffOf(file({ s: KEY }), file({ s: '{name: key-auth, enabled: false}' }))
    assert.deepEqual(
      findings.map(({ message, routes, old, new: now }) => [message, routes, old?.path, now?.path]),
      [
        [
          "requests on route 'r' and route 'q' no longer have to pass key-auth: anyone may call",
          ["route 'r'", "route 'q'"],
          'services[0].plugins[0]',
          'services[0].routes[0]',
        ],
      ],
    )
  })

  it('may move to a wider or narrower place without a difference for requests', () => {
    assert.deepEqual(found({ s: KEY }, { r: KEY, q: KEY }), [])
    assert.deepEqual(found({ r: KEY, q: KEY }, { global: KEY }), [])
  })

  it('is lost where a use for one route takes the place of the one for all', () => {
    assert.deepEqual(found({ s: KEY }, { s: KEY, r: ANONYMOUS }), [
      "loosened auth-optional: requests on route 'r' pass key-auth without a credential, as its anonymous consumer",
    ])
  })

  it('of one kind less, or of another kind, is told apart', () => {
    const BASIC = '{name: basic-auth}'
    assert.deepEqual(found({ r: `${KEY}, ${BASIC}` }, { r: KEY }), [
      "loosened auth-removed: requests on route 'r' no longer have to pass basic-auth; key-auth is still asked for",
    ])
    assert.deepEqual(found({ r: KEY }, { r: BASIC }), [
      "breaking auth-replaced: requests on route 'r' have to pass basic-auth instead of key-auth",
    ])
    assert.deepEqual(found({}, { r: KEY }), [
      "tightened auth-added: requests on route 'r' now have to pass key-auth",
    ])
  })

  it('with an anonymous consumer that request-termination turns away still asks', () => {
    const turned = CONSUMERS.replace(
      '{username: nobody}',
      '{username: nobody, plugins: [{name: request-termination}]}',
    )
    assert.deepEqual(found({ r: KEY }, { r: ANONYMOUS }, turned), [])
  })

  it('that nothing asked for may go', () => {
    assert.deepEqual(found({ r: ANONYMOUS }, {}), [])
  })
})

describe('other plugins', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      '{name: acl, config: {allow: [a]}}',
      '',
      'loosened guard-removed',
      'acl no longer refuses requests on',
    ],
    [
      '',
      '{name: ip-restriction, config: {allow: [10.0.0.0/8]}}',
      'tightened guard-added',
      'ip-restriction now refuses requests on',
    ],
    [
      '{name: rate-limiting, config: {minute: 5}}',
      '',
      'loosened limit-removed',
      'rate-limiting no longer limits requests on',
    ],
    [
      '',
      '{name: request-size-limiting}',
      'tightened limit-added',
      'request-size-limiting now limits requests on',
    ],
    [
      '{name: cors}',
      '',
      'breaking cors-removed',
      'cors no longer lets pages of other sites read answers on',
    ],
    [
      '',
      '{name: cors}',
      'loosened cors-added',
      'cors now lets pages of other sites read answers on',
    ],
    ['{name: correlation-id}', '', 'changed plugin-removed', 'correlation-id no longer runs on'],
    ['', '{name: correlation-id}', 'changed plugin-added', 'correlation-id now runs on'],
    [
      '',
      '{name: request-termination, config: {trigger: x}}',
      'changed plugin-added',
      'request-termination now runs on',
    ],
  ]
  for (const [old, now, rule, text] of cases) {
    it(`${rule}: ${text}`, () => {
      assert.deepEqual(found({ r: old }, { r: now }), [`${rule}: ${text} route 'r'`])
    })
  }

  it('that end requests open and close the way to the target', () => {
    const end = '{name: request-termination}'
    assert.deepEqual(found({ r: end }, {}), [
      "loosened block-removed: requests on route 'r' reach the target, which request-termination kept from it",
    ])
    assert.deepEqual(
      found({ r: '{name: request-termination, config: {trigger: x}}' }, { r: end }),
      [
        "breaking block-added: request-termination answers requests on route 'r', which reached the target",
      ],
    )
  })

  it('are judged by the use that applies, not by the one that has changed', () => {
    const limit = (minute: number) => `{name: rate-limiting, config: {minute: ${minute}}}`
    assert.deepEqual(found({ s: limit(5), r: limit(9) }, { s: limit(7), r: limit(9) }), [
      "loosened plugin-loosened: rate-limiting on route 'q' is loosened: minute 5 -> 7",
    ])
    assert.deepEqual(found({ s: limit(5), r: limit(9) }, { s: limit(5) }), [
      "tightened plugin-tightened: rate-limiting on route 'r' is tightened: minute 9 -> 5",
    ])
  })

  it('that take the place of another use say what is otherwise', () => {
    const id = (header: string) => `{name: correlation-id, config: {header_name: ${header}}}`
    assert.deepEqual(found({ s: id('x-a') }, { s: id('x-a'), r: id('x-b') }), [
      "changed plugin-replaced: correlation-id on route 'r' has another configuration: header_name",
    ])
  })
})

describe('uses for one consumer', () => {
  const limits = (minute: number, own: string) =>
    file(
      { s: `{name: rate-limiting, config: {minute: ${minute}}}` },
      `consumers: [{username: ann, plugins: [${own}]}]`,
    ).replace('plugins: []\n', '')
  const own = (minute: number) => `{name: rate-limiting, config: {minute: ${minute}}}`

  it('are compared where they apply', () => {
    assert.deepEqual(findingsBetween(limits(60, own(5)), limits(60, own(50))), [
      "loosened plugin-loosened: rate-limiting on route 'r' and route 'q' for consumer 'ann' is loosened: minute 5 -> 50",
    ])
  })

  it('give way to what is for everybody when they go', () => {
    assert.deepEqual(findingsBetween(limits(60, own(5)), limits(60, '')), [
      "loosened plugin-loosened: rate-limiting on route 'r' and route 'q' for consumer 'ann' is loosened: minute 5 -> 60",
    ])
  })

  it('are not all looked at where they are too many', () => {
    const limited = { ...LIMITS, looks: 1 }
    const { notes } = diffOf(limits(60, own(5)), limits(60, own(50)), limited)
    assert.deepEqual(notes, [
      'not every consumer was tried on every route: there are too many of both',
    ])
  })

  it('are no matter where they never run', () => {
    const consumer = (plugins: string) => `consumers: [{username: ann, plugins: [${plugins}]}]`
    assert.deepEqual(findingsBetween(file({}, consumer(KEY)), file({}, consumer(''))), [])
  })
})
