import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { makeRoute } from '../../test/support/routes.js'
import { normalizePath } from '../util/path.js'
import { upstreamPath } from './upstream-path.js'

type Strip = 'strip' | 'keep' | 'any'

/** Kong's table: [service path, route path, strip_path, request, v0, v1 where it differs]. '' is no route path. */
const TABLE: readonly (readonly [string, string, Strip, string, string, string?])[] = [
  ['/', '/', 'any', '/', '/'],
  ['/', '/', 'any', '/route', '/route'],
  ['/', '/', 'any', '/route/', '/route/'],
  ['/', '/', 'any', '/route/req', '/route/req'],
  ['/', '/route', 'keep', '/route', '/route'],
  ['/', '/route', 'keep', '/route/', '/route/'],
  ['/', '/route', 'keep', '/routereq', '/routereq'],
  ['/', '/route', 'strip', '/route', '/'],
  ['/', '/route', 'strip', '/route/', '/'],
  ['/', '/route', 'strip', '/routereq', '/req'],
  ['/', '/route/', 'keep', '/route/', '/route/'],
  ['/', '/route/', 'keep', '/route/req', '/route/req'],
  ['/', '/route/', 'strip', '/route/', '/'],
  ['/', '/route/', 'strip', '/route/req', '/req'],
  ['/srv', '/rou', 'keep', '/roureq', '/srv/roureq', '/srvroureq'],
  ['/srv', '/rou', 'strip', '/roureq', '/srv/req', '/srvreq'],
  ['/srv/', '/rou', 'keep', '/rou', '/srv/rou'],
  ['/srv/', '/rou', 'strip', '/rou', '/srv', '/srv/'],
  ['/service', '/', 'any', '/', '/service'],
  ['/service', '/', 'any', '/route', '/service/route', '/serviceroute'],
  ['/service', '/', 'any', '/route/', '/service/route/', '/serviceroute/'],
  ['/service', '/', 'any', '/route/req', '/service/route/req', '/serviceroute/req'],
  ['/service', '/route', 'keep', '/route', '/service/route', '/serviceroute'],
  ['/service', '/route', 'keep', '/route/', '/service/route/', '/serviceroute/'],
  ['/service', '/route', 'keep', '/routereq', '/service/routereq', '/serviceroutereq'],
  ['/service', '/route', 'strip', '/route', '/service'],
  ['/service', '/route', 'strip', '/route/', '/service/'],
  ['/service', '/route', 'strip', '/routereq', '/service/req', '/servicereq'],
  ['/service', '/route/', 'keep', '/route/', '/service/route/', '/serviceroute/'],
  ['/service', '/route/', 'keep', '/route/req', '/service/route/req', '/serviceroute/req'],
  ['/service', '/route/', 'strip', '/route/', '/service/', '/service'],
  ['/service', '/route/', 'strip', '/route/req', '/service/req', '/servicereq'],
  ['/service/', '/', 'any', '/', '/service/'],
  ['/service/', '/', 'any', '/route', '/service/route'],
  ['/service/', '/', 'any', '/route/', '/service/route/'],
  ['/service/', '/', 'any', '/route/req', '/service/route/req'],
  ['/service/', '/route', 'keep', '/route', '/service/route'],
  ['/service/', '/route', 'keep', '/route/', '/service/route/'],
  ['/service/', '/route', 'keep', '/routereq', '/service/routereq'],
  ['/service/', '/route', 'strip', '/route', '/service', '/service/'],
  ['/service/', '/route', 'strip', '/route/', '/service/'],
  ['/service/', '/route', 'strip', '/routereq', '/service/req'],
  ['/service/', '/route/', 'keep', '/route/', '/service/route/'],
  ['/service/', '/route/', 'keep', '/route/req', '/service/route/req'],
  ['/service/', '/route/', 'strip', '/route/', '/service/'],
  ['/service/', '/route/', 'strip', '/route/req', '/service/req'],
  ['/service', '', 'any', '/', '/service'],
  ['/service', '', 'any', '/route', '/service/route', '/serviceroute'],
  ['/service/', '', 'any', '/', '/service/'],
  ['/service/', '', 'any', '/route', '/service/route'],
  ['/service/', '', 'any', '/route/', '/service/route/'],
  ['/service', '/route', 'strip', '/route./req', '/service/req', '/servicereq'],
  ['/service', '/route', 'strip', '/route%2E/req', '/service/req', '/servicereq'],
  ['/service', '/route', 'strip', '/route../req', '/service/req', '/servicereq'],
  ['/service', '/route', 'strip', '/route%2E%2E/req', '/service/req', '/servicereq'],
  ['/service', '/route', 'strip', '/route..', '/service'],
  ['/service', '/route', 'strip', '/route.', '/service'],
  ['/service/', '/route', 'strip', '/route./req', '/service/req'],
  ['/service/', '/route', 'strip', '/route%2E/req', '/service/req'],
  ['/service/', '/route', 'strip', '/route../req', '/service/req'],
  ['/service/', '/route', 'strip', '/route%2E%2E/req', '/service/req'],
  ['/service', '/route', 'keep', '/route./req', '/service/route./req', '/serviceroute./req'],
  ['/service', '/route', 'keep', '/route%2E/req', '/service/route./req', '/serviceroute./req'],
  ['/service/', '/route', 'keep', '/route../req', '/service/route../req'],
  ['/service/', '/route', 'keep', '/route%2E%2E/req', '/service/route../req'],
]

for (const handling of ['v0', 'v1'] as const) {
  describe(`upstreamPath, ${handling}`, () => {
    for (const [service, prefix, strip, request, v0, v1 = v0] of TABLE) {
      const expected = handling === 'v0' ? v0 : v1
      it(`sends ${request} through ${prefix || 'no path'} (${strip}) to ${service} as ${expected}`, () => {
        for (const stripPath of strip === 'any' ? [true, false] : [strip === 'strip']) {
          const match = { route: makeRoute(0, { strip_path: stripPath }), prefix, captures: null }
          assert.equal(upstreamPath(match, normalizePath(request), service, handling), expected)
        }
      })
    }
  })
}

describe('upstreamPath', () => {
  it('takes a service without a path for one with /', () => {
    const match = { route: makeRoute(0), prefix: '/route', captures: null }
    assert.equal(upstreamPath(match, '/route/req', null), '/req')
    assert.equal(upstreamPath(match, '/route', null), '/')
  })
})
