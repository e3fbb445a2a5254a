import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CounterSlots, EMPTY, GONE, LIVE, SLOT_WORDS, kindOf } from './counter-slots.js'

const ONE = { w0: 1, w1: 2, w2: 3, w3: 4, end: 60 }
const OTHER = { ...ONE, w3: 5 }

/** Two slots, the first counting for a key. */
function counting(key = ONE): { slots: CounterSlots; words: Int32Array } {
  const words = new Int32Array(new SharedArrayBuffer(2 * SLOT_WORDS * 4))
  const slots = new CounterSlots(words)
  assert.ok(slots.admit(0, candidate(slots, 0, key)))
  return { slots, words }
}

function candidate(slots: CounterSlots, slot: number, key = ONE): number {
  const state = slots.reserve(slot, slots.state(slot), key)
  assert.ok(state !== null)
  return state
}

describe('CounterSlots', () => {
  it('counts for its key, and for none that differs in a word or in the window', () => {
    const { slots } = counting()
    assert.equal(slots.addBelow(0, ONE, 5), 0)
    assert.equal(slots.read(0, ONE), 1)
    for (const key of [OTHER, { ...ONE, w0: 9 }, { ...ONE, w1: 9 }, { ...ONE, end: 61 }]) {
      assert.equal(slots.addBelow(0, key, 5), GONE)
      assert.equal(slots.read(0, key), GONE)
    }
  })

  it('begins at nothing for the next key, and does not count for the old one', () => {
    const { slots } = counting()
    for (let i = 0; i < 5; i++) slots.addBelow(0, ONE, 5)
    slots.admit(0, candidate(slots, 0, OTHER))
    assert.equal(slots.read(0, OTHER), 0)
    assert.equal(slots.addBelow(0, ONE, 5), GONE)
    slots.takeBack(0, ONE)
    assert.equal(slots.read(0, OTHER), 0)
  })

  it('does not count before it has been admitted', () => {
    const { slots } = counting()
    candidate(slots, 0, OTHER)
    assert.equal(slots.addBelow(0, OTHER, 5), GONE)
  })

  it('goes to one thread alone when two have seen it in the same state', () => {
    const { slots } = counting()
    const seen = slots.state(0)
    assert.notEqual(slots.reserve(0, seen, OTHER), null)
    assert.equal(slots.reserve(0, seen, ONE), null)
  })

  it('goes before a candidate for its key', () => {
    const { slots } = counting()
    assert.ok(slots.supersedes(0, ONE))
    assert.ok(!slots.supersedes(0, OTHER))
    assert.equal(kindOf(slots.state(0)), LIVE)
  })

  it('loses its candidate to another one for the same key', () => {
    const { slots } = counting(OTHER)
    const first = candidate(slots, 0)
    const second = candidate(slots, SLOT_WORDS)
    assert.ok(!slots.supersedes(0, ONE))
    assert.equal(kindOf(slots.state(0)), EMPTY)
    assert.ok(!slots.admit(0, first))
    assert.ok(slots.admit(SLOT_WORDS, second))
  })

  it('takes nothing off a count of nothing', () => {
    const { slots } = counting()
    slots.takeBack(0, ONE)
    assert.equal(slots.read(0, ONE), 0)
  })

  it('counts past 2^31 and stays at the end of its 32 bits', () => {
    const { slots, words } = counting()
    const base = Number(words[2])
    words[1] = base + 0x7fff_ffff // the count's word, as far from its base
    assert.equal(slots.addBelow(0, ONE, 1e12), 0x7fff_ffff)
    assert.equal(slots.read(0, ONE), 0x8000_0000)
    words[1] = base + 0xffff_fffe
    assert.equal(slots.addBelow(0, ONE, 1e12), 0xffff_fffe)
    assert.equal(slots.addBelow(0, ONE, 1e12), 0xffff_ffff)
    assert.equal(slots.read(0, ONE), 0xffff_ffff)
  })
})
