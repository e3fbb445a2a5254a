import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileFaults, toJson, type FaultAt } from './fault-tree.js'

function filed(...faults: [FaultAt['steps'], string][]): unknown {
  return toJson(fileFaults(faults.map(([steps, message]) => ({ steps, message }))))
}

const TWICE = "uniqueness violation: 'routes' entity with name set to 'r' already declared"
const MATCHER = "must set one of 'methods', 'hosts'"
const ONE_OF = "at least one of these fields must be non-empty: 'config.second'"

describe('faults filed as Kong files them', () => {
  it('stand where the document has the field', () => {
    assert.deepEqual(
      filed([['services', 0, 'routes', 1, 'paths', 0], 'no'], [['services', 0, 'port'], 'bad']),
      { services: [{ routes: [null, { paths: ['no'] }], port: 'bad' }] },
    )
  })

  it('stand under @entity when they are of the entity as a whole', () => {
    assert.deepEqual(filed([['routes', 0], MATCHER], [['plugins', 0, 'config'], ONE_OF]), {
      routes: [{ '@entity': [MATCHER] }],
      plugins: [{ '@entity': [ONE_OF] }],
    })
  })

  it('stand in place of what is there twice, in its own list', () => {
    assert.deepEqual(filed([['services', 3, 'routes', 1], TWICE]), { routes: [null, TWICE] })
  })

  it('are all there when one is of a place around another', () => {
    assert.deepEqual(filed([['routes', 0], TWICE], [['routes', 0, 'name'], 'bad']), {
      routes: [{ '@entity': [TWICE], name: 'bad' }],
    })
    assert.deepEqual(filed([['routes', 0, 'name'], 'bad'], [['routes', 0], TWICE]), {
      routes: [{ '@entity': [TWICE], name: 'bad' }],
    })
  })

  it('leave out what is said of a configuration whose fields are wrong', () => {
    const config = ['plugins', 0, 'config']
    const expected = { plugins: [{ config: { minute: 'bad' } }] }
    assert.deepEqual(filed([[...config, 'minute'], 'bad'], [config, 'odd']), expected)
    assert.deepEqual(filed([config, 'odd'], [[...config, 'minute'], 'bad']), expected)
  })

  it('name one fault a field', () => {
    assert.deepEqual(filed([['a'], 'first'], [['a'], 'second']), { a: 'first' })
  })

  it('are an object with numbers for names where a list would be nearly empty', () => {
    assert.deepEqual(filed([['services', 40, 'port'], 'bad']), {
      services: { 41: { port: 'bad' } },
    })
  })
})
