import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lintOf } from '../../../../test/support/lint.js'

const found = (body: string) => lintOf('no-effect', body)

/** Service s with routes r and q, each with its plugins, and what else the file says. */
const file = (plugins: { s?: string; r?: string; q?: string }, more = '') =>
  [
    'services:',
    '- name: s',
    '  host: x.test',
    `  plugins: [${plugins.s ?? ''}]`,
    `  routes: [{name: r, paths: [/r], plugins: [${plugins.r ?? ''}]}, {name: q, paths: [/q], plugins: [${plugins.q ?? ''}]}]`,
    more,
  ].join('\n')

const ACL = '{name: acl, config: {allow: [x]}}'
const NOBODY = 'nothing there tells who the client is'
const ANY_AUTH = '{name: ldap-auth}'

describe('without authentication', () => {
  it('acl refuses every request', () => {
    assert.deepEqual(found(file({ r: ACL })), [
      `services[0].routes[0].plugins[0]: acl answers 401 to every request of route 'r': ${NOBODY}`,
    ])
    assert.deepEqual(found(`plugins: [${ACL}]`), [
      `plugins[0]: acl answers 401 to all requests: ${NOBODY}`,
    ])
  })

  it('on another route, neither', () => {
    assert.deepEqual(found(file({ r: ACL, q: ANY_AUTH })).length, 1)
    assert.deepEqual(found(file({ r: ACL, s: '{name: ldap-auth, enabled: false}' })).length, 1)
  })

  it('acl is no matter on the same route, its service, one of its routes, or globally', () => {
    const bodies = [
      file({ r: `${ACL}, ${ANY_AUTH}` }),
      file({ r: ACL, s: ANY_AUTH }),
      file({ s: ACL, q: ANY_AUTH }),
      file({ r: ACL }, `plugins: [${ANY_AUTH}]`),
      file({ r: ANY_AUTH }, `plugins: [${ACL}]`),
    ]
    for (const body of bodies) assert.deepEqual(found(body), [], body)
  })

  it('nothing is said where code or a plugin of one’s own may name the consumer', () => {
    for (const name of ['pre-function', 'my-own-auth']) {
      assert.deepEqual(found(file({ r: `${ACL}, {name: ${name}}` })), [], name)
    }
  })

  it('plugins of a consumer never run', () => {
    const consumers = 'consumers: [{username: ann, plugins: [{name: rate-limiting}]}]'
    assert.deepEqual(found(file({}, consumers)), [
      `consumers[0].plugins[0]: plugin 'rate-limiting' for consumer 'ann' never runs: ${NOBODY}`,
    ])
    assert.deepEqual(found(file({ r: ANY_AUTH }, consumers)), [])
    const onRoute = 'plugins: [{name: rate-limiting, consumer: ann, route: q}]'
    const ann = 'consumers: [{username: ann}]'
    assert.deepEqual(found(file({ r: ANY_AUTH }, `${ann}\n${onRoute}`)), [
      `plugins[0]: plugin 'rate-limiting' for consumer 'ann' and route 'q' never runs: ${NOBODY}`,
    ])
  })

  it('limits by consumer are limits by address, when they are asked for', () => {
    const limit = (config: string) => found(file({ r: `{name: rate-limiting, config: ${config}}` }))
    assert.deepEqual(limit('{minute: 5, limit_by: consumer}'), [
      'services[0].routes[0].plugins[0].config.limit_by: limits by client address: nothing there tells which consumer a request has',
    ])
    assert.deepEqual(limit('{limit_by: credential}').length, 1)
    // The default is no decision.
    assert.deepEqual(limit('{minute: 5}'), [])
    assert.deepEqual(limit('{limit_by: }'), [])
    assert.deepEqual(limit('{limit_by: ip}'), [])
    assert.deepEqual(
      found(file({ r: `{name: rate-limiting, config: {limit_by: consumer}}, ${ANY_AUTH}` })),
      [],
    )
  })
})

describe('without credentials', () => {
  it('each kind of authentication refuses every request, and says so once', () => {
    assert.deepEqual(found(file({ r: '{name: key-auth}', q: '{name: key-auth}, {name: jwt}' })), [
      'services[0].routes[0].plugins[0]: key-auth refuses every request (1 more like it): there are no keyauth_credentials',
      'services[0].routes[1].plugins[1]: jwt refuses every request: there are no jwt_secrets',
    ])
  })

  it('nothing is said with a credential anywhere, or when the anonymous may pass', () => {
    const consumer = 'consumers: [{username: ann, keyauth_credentials: [{key: k}]}]'
    assert.deepEqual(found(file({ r: '{name: key-auth}' }, consumer)), [])
    assert.deepEqual(
      found(
        file({ r: '{name: key-auth, config: {anonymous: ann}}' }, 'consumers: [{username: ann}]'),
      ),
      [],
    )
  })
})

describe('disabling a plugin', () => {
  const off = '{name: cors, enabled: false}'

  it('changes nothing where a wider use of it is enabled', () => {
    assert.deepEqual(found(file({ r: off }, 'plugins: [{name: cors}]')), [
      "services[0].routes[0].plugins[0].enabled: plugin 'cors' still runs here: the one at plugins[0], for all requests, is enabled",
    ])
    assert.deepEqual(found(file({ r: off, s: '{name: cors}' }, 'plugins: [{name: cors}]')), [
      "services[0].routes[0].plugins[0].enabled: plugin 'cors' still runs here: the one at services[0].plugins[0], for service 's', is enabled",
    ])
  })

  it('is what it says where there is none', () => {
    const bodies = [
      file({ r: off }),
      file({ r: off, q: '{name: cors}' }),
      file({ s: off, r: '{name: cors}' }),
      file({ r: off }, 'plugins: [{name: cors, enabled: false}, {name: file-log}]'),
    ]
    for (const body of bodies) assert.deepEqual(found(body), [], body)
  })
})

describe('where request-termination answers everything', () => {
  const transformer = '{name: request-transformer}'

  it('request-transformer changes requests for nobody', () => {
    assert.deepEqual(found(file({ r: `${transformer}, {name: request-termination}` })), [
      'services[0].routes[0].plugins[0]: changes requests that services[0].routes[0].plugins[1] answers before they reach a target',
    ])
  })

  it('nothing is said of one elsewhere, one with a trigger, an echo, or one that gives way', () => {
    const bodies = [
      file({ r: transformer, q: '{name: request-termination}' }),
      file({ r: `${transformer}, {name: request-termination, config: {trigger: x}}` }),
      file({ r: `${transformer}, {name: request-termination, config: {echo: true}}` }),
      file({
        s: `${transformer}, {name: request-termination}`,
        r: '{name: request-termination, config: {trigger: x}}',
      }),
    ]
    for (const body of bodies) assert.deepEqual(found(body), [], body)
  })
})
