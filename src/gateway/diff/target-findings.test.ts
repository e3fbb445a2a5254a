import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffOf, findingsBetween } from '../../../test/support/diff.js'

const SERVICES = 'services: [{name: a, url: "http://a.test"}, {name: b, url: "http://b.test/x"}]\n'
const routes = (service: string) =>
  `routes: [{name: r, paths: [/r], service: ${service}}, {name: q, paths: [/q], service: ${service}}]`

describe('the target of routes', () => {
  it('is told when it is another one, once for all routes', () => {
    const { findings } = diffOf(SERVICES + routes('a'), SERVICES + routes('b'))
    assert.deepEqual(
      findings.map(({ level, message, old, new: now }) => [level, message, old?.path, now?.path]),
      [
        [
          'changed',
          "requests on route 'r' and route 'q' go to http://b.test:80/x instead of http://a.test:80",
          'services[0]',
          'services[1]',
        ],
      ],
    )
  })

  it('is missed when it is gone', () => {
    assert.deepEqual(findingsBetween(SERVICES + routes('a'), SERVICES + routes('')), [
      "breaking target-changed: requests on route 'r' and route 'q' go to no service instead of http://a.test:80",
    ])
  })

  it('is the same when another service has its address', () => {
    const other = SERVICES.replace('http://b.test/x', 'http://a.test')
    assert.deepEqual(findingsBetween(other + routes('a'), other + routes('b')), [])
  })
})
