import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { healthchecks } from '../../../test/support/health.js'
import { activeJudge, isChecked, isEnough, isServable, passiveJudge } from './health-rules.js'

describe('what counts', () => {
  it('follows the lists of statuses, of which the good one wins', () => {
    const judge = passiveJudge(
      healthchecks({
        passive: {
          healthy: { http_statuses: [200, 503] },
          unhealthy: { http_statuses: [500, 503] },
        },
      }),
    )
    const events = [200, 503, 500, 404, 0, 1200].map((status) => judge.eventOf(status))
    assert.deepEqual(events, ['success', 'success', 'http', null, 'http', null])
  })

  it('has lists and limits of its own for probes', () => {
    const checks = healthchecks({
      active: {
        healthy: { successes: 1 },
        unhealthy: { http_failures: 2, tcp_failures: 3, timeouts: 4 },
      },
    })
    const judge = activeJudge(checks)
    assert.deepEqual(judge.limits, { success: 1, http: 2, tcp: 3, timeout: 4 })
    assert.deepEqual(
      [302, 204, 404].map((status) => judge.eventOf(status)),
      ['success', null, 'http'],
    )
    assert.deepEqual(passiveJudge(checks).limits, { success: 0, http: 0, tcp: 0, timeout: 0 })
  })

  it('is connections alone for passive checks of type tcp', () => {
    const judge = passiveJudge(
      healthchecks({ passive: { type: 'tcp', unhealthy: { http_failures: 1, tcp_failures: 1 } } }),
    )
    assert.deepEqual(
      [200, 500, 0].map((status) => judge.eventOf(status)),
      [null, null, null],
    )
    assert.equal(judge.limits.tcp, 1)
  })
})

describe('checks are on', () => {
  const rows: readonly [title: string, checks: object, isOn: boolean][] = [
    ['not by default', {}, false],
    ['not for good answers alone', { passive: { healthy: { successes: 5 } } }, false],
    [
      'not for limits of probes that nobody sends',
      { active: { unhealthy: { timeouts: 1 } } },
      false,
    ],
    ['with probes of healthy targets', { active: { healthy: { interval: 0.5 } } }, true],
    ['with probes of unhealthy targets', { active: { unhealthy: { interval: 1 } } }, true],
    ['with a limit of bad statuses', { passive: { unhealthy: { http_failures: 1 } } }, true],
    ['with a limit of broken connections', { passive: { unhealthy: { tcp_failures: 1 } } }, true],
    ['with a limit of timeouts', { passive: { unhealthy: { timeouts: 1 } } }, true],
  ]
  for (const [title, checks, isOn] of rows) {
    it(title, () => assert.equal(isChecked(healthchecks(checks)), isOn))
  }

  it('only where somebody can carry them out', () => {
    const types = ['http', 'https', 'tcp', 'grpc', 'grpcs']
    const servable = types.map((type) => isServable(healthchecks({ active: { type } })))
    assert.deepEqual(servable, [true, true, true, false, false])
  })
})

describe('an upstream is served', () => {
  const rows: readonly [available: number, total: number, threshold: number, is: boolean][] = [
    [0, 0, 0, false],
    [0, 100, 0, false],
    [1, 100, 0, true],
    [50, 100, 50, false],
    [51, 100, 50, true],
    [100, 100, 100, false],
  ]
  for (const [available, total, threshold, is] of rows) {
    const not = is ? '' : 'not '
    it(`${not}with ${available} of ${total} above ${threshold} percent`, () =>
      assert.equal(isEnough(available, total, threshold), is))
  }
})
