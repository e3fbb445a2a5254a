import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsBetween } from '../../../test/support/diff.js'

describe('services and routes', () => {
  const service = (fields: string) => `services: [{name: s, host: s.test, ${fields}}]`

  it('are loosened when certificates of targets are no longer checked, or TLS is given up', () => {
    const strict = service('protocol: https, port: 443, tls_verify: true')
    const loose = service('protocol: https, port: 443')
    assert.deepEqual(findingsBetween(strict, loose), [
      "loosened entity-loosened: service 's' is loosened: tls_verify true -> not set",
    ])
    assert.deepEqual(findingsBetween(loose, strict), [
      "tightened entity-tightened: service 's' is tightened: tls_verify not set -> true",
    ])
    assert.deepEqual(findingsBetween(loose, service('protocol: http, port: 443')), [
      "loosened entity-loosened: service 's' is loosened: protocol https -> http",
    ])
  })

  it('are loosened when plain http is let in', () => {
    const route = (protocols: string) =>
      `routes: [{name: r, paths: [/], protocols: [${protocols}]}]`
    assert.deepEqual(findingsBetween(route('https'), route('http, https')), [
      "loosened entity-loosened: route 'r' is loosened: protocols [https] -> [http, https]",
    ])
    assert.deepEqual(findingsBetween(route('http, https'), route('https')), [
      "tightened entity-tightened: route 'r' is tightened: protocols [http, https] -> [https]",
    ])
  })

  it('are neither loosened nor broken by time-outs and retries', () => {
    assert.deepEqual(
      findingsBetween(service('read_timeout: 5, retries: 1'), service('retries: 9')),
      [],
    )
  })

  it('are loosened when health checks of an upstream no longer check certificates', () => {
    const upstream = (verify: boolean) =>
      `upstreams: [{name: u, healthchecks: {active: {https_verify_certificate: ${verify}}}}]`
    assert.deepEqual(findingsBetween(upstream(true), upstream(false)), [
      "loosened entity-loosened: upstream 'u' is loosened: healthchecks.active.https_verify_certificate true -> false",
    ])
  })
})

describe('consumers and what they prove themselves with', () => {
  it('are missed when they are gone, once', () => {
    assert.deepEqual(
      findingsBetween('consumers: [{username: ann, keyauth_credentials: [{key: k}]}]', ''),
      ["breaking consumer-removed: consumer 'ann' is gone: its requests are refused, or anonymous"],
    )
  })

  it('say which of their credentials has gone or changed', () => {
    const ann = (credentials: string) =>
      `consumers: [{username: ann, keyauth_credentials: [${credentials}]}, {username: bob}]`
    assert.deepEqual(findingsBetween(ann('{key: a}, {key: b}'), ann('{key: a}')), [
      "breaking credential-removed: key-auth credential of consumer 'ann' is gone: requests with it are refused",
    ])
    assert.deepEqual(findingsBetween(ann('{key: a}'), ann('{key: b}')), [
      "breaking credential-changed: key-auth credential of consumer 'ann' is another one: requests with the old one may be refused",
    ])
    assert.deepEqual(
      findingsBetween(
        ann('{key: a}'),
        `${ann('')}\nkeyauth_credentials: [{key: a, consumer: bob}]`,
      ),
      [
        "breaking credential-changed: key-auth credential of consumer 'ann' now means another consumer: key-auth credential of consumer 'bob'",
      ],
    )
    assert.deepEqual(findingsBetween(ann('{key: a}'), ann('{key: a, tags: [x]}, {key: b}')), [])
  })

  it('gain and lose what acl goes by', () => {
    const ann = (list: string, groups: string) =>
      `consumers: [{username: ann, acls: [${groups}]}]\nplugins: [{name: acl, config: {${list}: [g]}}]`
    const rules = (list: string, old: string, now: string) =>
      findingsBetween(ann(list, old), ann(list, now))
    const title = "ACL group 'g' of consumer 'ann'"
    assert.deepEqual(rules('allow', '', '{group: g}'), [
      `loosened group-added: ${title} is new, which acl lets pass`,
    ])
    assert.deepEqual(rules('allow', '{group: g}', ''), [
      `breaking group-removed: ${title} is gone, which acl lets pass`,
    ])
    assert.deepEqual(rules('deny', '{group: g}', ''), [
      `loosened group-removed: ${title} is gone, which acl refuses`,
    ])
    assert.deepEqual(rules('deny', '', '{group: g}'), [
      `tightened group-added: ${title} is new, which acl refuses`,
    ])
    assert.deepEqual(rules('allow', '', '{group: other}'), [])
  })
})
