// The short form of test/bench/abort.ts.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ENGINES } from '../../src/gateway/engine-settings.js'
import { runAbortStorm } from '../bench/abort.js'

for (const engine of ENGINES) {
  it(`${engine} gives every client its own answer while others leave in the middle`, async () => {
    const report = await runAbortStorm({
      engine,
      requests: 10_000,
      connections: 64,
      abortEvery: 10,
      deadlineMs: 60_000,
    })
    assert.deepEqual(report.problems, [])
    assert.equal(report.aborted, 1_000)
  })
}
