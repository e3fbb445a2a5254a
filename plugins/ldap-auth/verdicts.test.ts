import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Verdicts } from './verdicts.js'

describe('verdicts', () => {
  it('are known until their time is over', () => {
    const verdicts = new Verdicts<string>(10, 1_000)
    verdicts.set('a', 'yes', 0)
    assert.equal(verdicts.get('a', 999), 'yes')
    assert.equal(verdicts.get('b', 999), undefined)
    assert.equal(verdicts.get('a', 1_000), undefined)
    assert.equal(verdicts.size, 0)
  })

  it('last as long again when they are said again', () => {
    const verdicts = new Verdicts<string>(10, 1_000)
    verdicts.set('a', 'yes', 0)
    verdicts.set('b', 'yes', 1)
    verdicts.set('a', 'still', 500)
    assert.equal(verdicts.get('a', 1_499), 'still')
    verdicts.set('c', 'yes', 1_400)
    assert.equal(verdicts.size, 2, 'b has ended')
  })

  it('are not kept without a time', () => {
    const verdicts = new Verdicts<string>(10, 0)
    verdicts.set('a', 'yes', 0)
    assert.equal(verdicts.get('a', 0), undefined)
  })

  it('are as many as they may be: the oldest go', () => {
    const verdicts = new Verdicts<number>(3, 1_000)
    for (let i = 0; i < 10; i++) verdicts.set(`user ${i}`, i, i)
    assert.equal(verdicts.size, 3)
    assert.equal(verdicts.get('user 6', 10), undefined)
    assert.equal(verdicts.get('user 7', 10), 7)
  })
})
