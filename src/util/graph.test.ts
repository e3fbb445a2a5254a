import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { componentsOf, wayBetween } from './graph.js'

const edges: Readonly<Record<number, readonly number[]>> = {
  0: [1],
  1: [2, 3],
  2: [0, 4],
  3: [5],
  4: [4],
  5: [3],
}
const successors = (node: number) => edges[node] ?? []

describe('components', () => {
  it('are what hangs together in both directions', () => {
    const [a, b, c, d, e, f, g] = componentsOf(7, successors)
    assert.deepEqual([b, c], [a, a])
    assert.equal(d, f)
    assert.equal(new Set([a, d, e, g]).size, 4)
  })

  it('are found in a graph that is deeper than the stack', () => {
    const size = 200_000
    const components = componentsOf(size, (node) => [(node + 1) % size])
    assert.equal(new Set(components).size, 1)
  })
})

describe('a way', () => {
  it('is the shortest, without its start', () => {
    assert.deepEqual(wayBetween([0], 5, successors), [1, 3, 5])
    assert.deepEqual(wayBetween([0, 3], 5, successors), [5])
  })

  it('back to where it starts takes a step', () => {
    assert.deepEqual(wayBetween([0], 0, successors), [1, 2, 0])
    assert.deepEqual(wayBetween([4], 4, successors), [4])
  })

  it('is null when there is none', () => {
    assert.equal(wayBetween([4], 0, successors), null)
  })
})
