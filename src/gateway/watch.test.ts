import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { watchFile, type Watch } from './watch.js'

/** What is seen at each look, in turn; the last one stays. */
async function changesSeen(looks: readonly (string | null)[]): Promise<number> {
  let changes = 0
  let next = 0
  const look = (): Promise<string | null> => {
    const seen = looks[Math.min(next++, looks.length - 1)]
    return Promise.resolve(seen ?? null)
  }
  const watch = watchFile('/kong.yml', () => changes++, { intervalMs: 10, look })
  await pass(looks.length + 2)
  watch.close()
  return changes
}

async function pass(looks: number): Promise<void> {
  for (let i = 0; i < looks; i++) {
    // A look is a promise away, twice.
    for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    mock.timers.tick(10)
  }
}

describe('watching a file', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('says nothing while nothing changes', async () => {
    assert.equal(await changesSeen(['a']), 0)
  })

  it('tells of a change once', async () => {
    assert.equal(await changesSeen(['a', 'b']), 1)
  })

  it('waits until nobody writes any more', async () => {
    assert.equal(await changesSeen(['a', 'b', 'c', 'd']), 1)
  })

  it('tells of each change', async () => {
    assert.equal(await changesSeen(['a', 'b', 'b', 'c', 'c']), 2)
  })

  it('takes no offence at a file that is away for a moment', async () => {
    assert.equal(await changesSeen(['a', null, null, 'b']), 1)
    assert.equal(await changesSeen(['a', null, null, 'a']), 0)
  })

  it('tells of a file that was not there at first', async () => {
    assert.equal(await changesSeen([null, null, 'a']), 1)
  })

  it('is over when it is closed, also in the middle of a look', async () => {
    let changes = 0
    let looks = 0
    const watch: Watch = watchFile('/kong.yml', () => changes++, {
      intervalMs: 10,
      look: () => Promise.resolve(String(looks++)),
    })
    watch.close()
    await pass(5)
    assert.deepEqual([changes, looks], [0, 1])
  })
})
