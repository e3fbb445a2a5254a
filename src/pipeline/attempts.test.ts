import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeContext } from '../../test/support/fake-context.js'
import { fakeService, fakeTarget, fakeUpstream } from '../../test/support/fake-entities.js'
import { FakeDns, FakeHealth } from '../../test/support/fake-peers.js'
import { createSnapshot } from '../model/create-snapshot.js'
import { createTransport } from '../proxy/http1-transport.js'
import { Balancers } from '../upstream/balancers.js'
import { runWhole } from '../util/slices.js'
import { Attempts, type Requester } from './attempts.js'
import { PeerOrigins, serviceTarget } from './service-target.js'
import { TryLog } from './try-log.js'
import { TargetTerms } from './target-tls.js'

class FakeRequester extends FakeContext implements Requester {
  requestHead(host: string): string {
    return `Host: ${host}`
  }
}

interface Scene {
  readonly attempts: Attempts
  /** By the last number of the address. */
  readonly healths: ReadonlyMap<string, FakeHealth>
  readonly log: TryLog
}

function scene(targets: readonly string[], host = '', fields: object = {}): Scene {
  const upstream = fakeUpstream({ name: 'pool', ...fields })
  const healths = new Map<string, FakeHealth>()
  const health = {
    of: () => ({
      isEnough: () => true,
      peer: ({ ip }: { ip: string }) => {
        const own = new FakeHealth()
        healths.set(ip, own)
        return own
      },
    }),
  }
  const service = fakeService({ id: 's', host: 'pool' })
  const snapshot = createSnapshot({
    ...{ hash: '', routes: [], consumers: [], plugins: [], credentials: [], services: [service] },
    upstreams: [upstream],
    targets: targets.map((target) => fakeTarget(upstream, target)),
  })
  const dns = new FakeDns()
  const balancers = runWhole(new Balancers({ dns, health, random: () => 0 }).make(snapshot))
  const none = { authorities: [], client: null, authoritiesById: new Map(), clientsById: new Map() }
  const terms = new TargetTerms({ verify: false, depth: 1, ...none })
  const transport = createTransport({ poolSize: 1, maxRequests: 1, idleTimeoutMs: 1 })
  const { destination } = serviceTarget(service, { transport, terms, balancers }, null)
  assert.ok(destination instanceof PeerOrigins)
  const log = new TryLog()
  return { attempts: new Attempts(destination, new FakeRequester({}), host, log), healths, log }
}

function heard({ healths }: Scene): unknown {
  return Object.fromEntries([...healths].map(([ip, health]) => [ip, health.heard]))
}

describe('the tries of a request', () => {
  it('go to one target after the other, each with its own Host', () => {
    const { attempts } = scene(['10.0.0.1:81', '10.0.0.2:80'])
    assert.ok(attempts.start())
    assert.deepEqual([attempts.origin?.target.host, attempts.host], ['10.0.0.1', '10.0.0.1:81'])
    const next = attempts.next('UPSTREAM_REFUSED')
    assert.deepEqual([next?.origin.target.host, next?.head], ['10.0.0.2', 'Host: 10.0.0.2'])
  })

  it('keep a Host that is given', () => {
    const { attempts } = scene(['10.0.0.1:81', '10.0.0.2'], 'given.test')
    assert.ok(attempts.start())
    assert.equal(attempts.host, 'given.test')
    assert.equal(attempts.next('UPSTREAM_RESET')?.head, 'Host: given.test')
  })

  it('send the host_header of the upstream with the port of the target', () => {
    const { attempts } = scene(['10.0.0.1:81'], '', { host_header: 'inner.test' })
    assert.ok(attempts.start())
    assert.equal(attempts.host, 'inner.test:81')
  })

  it('are reported as they fail, and the last one by the status of the request alone', () => {
    const made = scene(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    made.attempts.start()
    made.attempts.next('UPSTREAM_REFUSED')
    made.attempts.next('UPSTREAM_READ_TIMEOUT')
    made.attempts.finish(502, -1)
    assert.deepEqual(heard(made), {
      '10.0.0.1': ['tcp'],
      '10.0.0.3': ['timeout'],
      '10.0.0.2': [502],
    })
  })

  it('that end in a time-out are reported as that, whoever has said 504', () => {
    const made = scene(['10.0.0.1'])
    made.attempts.start()
    made.attempts.finish(504, 3)
    assert.deepEqual(heard(made), { '10.0.0.1': ['timeout'] })
  })

  it('say nothing about a target whose answer nobody has waited for', () => {
    const made = scene(['10.0.0.1'])
    made.attempts.start()
    made.attempts.finish(0, -1)
    made.attempts.finish(200, 1)
    assert.deepEqual(heard(made), { '10.0.0.1': [] })
  })

  it('are kept for the log, each with what came of it', () => {
    const { attempts, log } = scene(['10.0.0.1:81', '10.0.0.2:80'])
    attempts.start()
    attempts.next('UPSTREAM_READ_TIMEOUT')
    attempts.next(503)
    log.failed('UPSTREAM_REFUSED')
    log.failed('NO_PEER_LEFT')
    assert.deepEqual(
      log.entries.map(({ ip, port, state, code }) => [ip, port, state, code]),
      [
        ['10.0.0.1', 81, 'failed', 504],
        ['10.0.0.2', 80, 'next', 503],
        ['10.0.0.1', 81, 'failed', 502],
      ],
    )
  })

  it('end when no target is up any more', () => {
    const made = scene(['10.0.0.1'])
    made.attempts.start()
    for (const health of made.healths.values()) health.isUp = false
    assert.equal(made.attempts.next('UPSTREAM_RESET'), null)
  })
})
