// `make soak` in short.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { soak } from '../../soak/reloads.js'

describe('reloads and a death under traffic', () => {
  it('fail no request but those that were under way on the worker that died', async () => {
    const options = { seconds: 6, perSecond: 300, reloads: 6, routes: 100, workers: 2 }
    const { sent, answered200, failed, cut, reloadMs, duringReload } = await soak(options)
    assert.equal(sent, 1_800)
    assert.equal(failed, 0)
    assert.equal(answered200 + cut, sent)
    assert.equal(reloadMs.length, 6)
    assert.ok(duringReload.requests > 0, 'some were due during a reload')
  })
})
