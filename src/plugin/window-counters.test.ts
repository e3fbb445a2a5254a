import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WindowCounters } from './window-counters.js'

const NOON = Date.UTC(2026, 5, 15, 12)

/** Counts once, and gives back how often that identifier has been counted. */
function count(counters: WindowCounters, scope: string, identifier: string, now = NOON): number {
  return ++counters.open(scope, 'minute').cell(identifier, now).count
}

describe('WindowCounters', () => {
  it('counts each identifier of each scope and period for itself', () => {
    const counters = new WindowCounters()
    assert.equal(count(counters, 'a', 'x'), 1)
    assert.equal(count(counters, 'a', 'x'), 2)
    assert.equal(count(counters, 'a', 'y'), 1)
    assert.equal(count(counters, 'b', 'x'), 1)
    assert.equal(counters.open('a', 'hour').cell('x', NOON).count, 0)
  })

  it('forgets a window when it is over', () => {
    const counters = new WindowCounters()
    count(counters, 'a', 'x', NOON + 59_999)
    assert.equal(count(counters, 'a', 'x', NOON + 60_000), 1)
    assert.equal(counters.entries, 1)
  })

  it('stays in its window when the clock is set back a little', () => {
    const counters = new WindowCounters()
    count(counters, 'a', 'x', NOON + 1)
    assert.equal(count(counters, 'a', 'x', NOON - 1000), 2)
    assert.equal(count(counters, 'a', 'x', NOON + 2), 3)
  })

  it('does not stay in a window of the far future', () => {
    const counters = new WindowCounters()
    count(counters, 'a', 'x', NOON + 3_600_000)
    assert.equal(count(counters, 'a', 'x', NOON), 1)
  })

  it('holds a bounded number of identifiers, and drops the oldest first', () => {
    const counters = new WindowCounters(80)
    for (let i = 0; i < 1000; i++) {
      count(counters, 'a', `id ${i}`)
      assert.ok(counters.entries <= 80)
    }
    assert.equal(count(counters, 'a', 'id 999'), 2)
    assert.equal(count(counters, 'a', 'id 0'), 1)
  })

  it('drops windows that are over before any that is running', () => {
    const counters = new WindowCounters(80)
    for (let i = 0; i < 40; i++) count(counters, 'over', `id ${i}`, NOON)
    for (let i = 0; i < 60; i++) count(counters, 'running', `id ${i}`, NOON + 60_000)
    assert.equal(counters.entries, 60)
    assert.equal(count(counters, 'running', 'id 0', NOON + 60_000), 2)
  })

  it('lets a flood in one scope take nothing from scopes with few identifiers', () => {
    const counters = new WindowCounters(80)
    for (let i = 0; i < 7; i++) count(counters, 'quiet', `id ${i}`)
    for (let i = 0; i < 1000; i++) count(counters, 'flooded', `id ${i}`)
    for (let i = 0; i < 7; i++) assert.equal(count(counters, 'quiet', `id ${i}`), 2)
  })

  it('keeps on counting when scopes alone are more than it may hold', () => {
    const counters = new WindowCounters(80)
    for (let i = 0; i < 1000; i++) count(counters, `scope ${i}`, 'x')
    assert.equal(count(counters, 'scope 0', 'x'), 2)
  })

  it('forgets scopes without a use once their window is over, and no others', () => {
    const counters = new WindowCounters()
    count(counters, 'gone', 'x')
    count(counters, 'live', 'x')
    counters.sweep(new Set(['live']), NOON + 59_999)
    assert.equal(counters.entries, 2)
    counters.sweep(new Set(['live']), NOON + 60_000)
    assert.equal(counters.entries, 1)
    assert.equal(counters.open('gone', 'minute').size, 0)
  })
})
