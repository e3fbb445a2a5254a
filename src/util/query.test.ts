import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueryString } from './query.js'

describe('a query', () => {
  it('gives names and values decoded, true for an argument without a value', () => {
    const query = new QueryString('?a=1&b%5B%5D=x+y&flag&empty=&a=%C3%A9')
    assert.equal(query.get('a'), '1')
    assert.deepEqual(query.getAll('a'), ['1', 'é'])
    assert.equal(query.get('b[]'), 'x y')
    assert.equal(query.get('flag'), true)
    assert.equal(query.get('empty'), '')
    assert.equal(query.get('none'), undefined)
    assert.deepEqual(query.names(), ['a', 'b[]', 'flag', 'empty'])
  })
  it('leaves escapes that are no UTF-8 as they are and decodes the others', () => {
    const query = new QueryString('?a=%FF%20x%41&b=%zz')
    assert.equal(query.get('a'), '%FF xA')
    assert.equal(query.get('b'), '%zz')
  })
  it('is passed on byte for byte as long as nobody changes it', () => {
    assert.equal(new QueryString('?b=%7e&a=1&&c').suffix, '?b=%7e&a=1&&c')
    assert.equal(new QueryString('').suffix, '')
    assert.equal(new QueryString('?').suffix, '?')
  })
  it('keeps the order of the others, in normal form, when an argument is removed', () => {
    const query = new QueryString('?c=value1&b=%20x&apikey=k&a=value3&apikey=l')
    query.remove('apikey')
    assert.equal(query.suffix, '?c=value1&b=+x&a=value3')
  })
  it('removes an argument whose name is escaped', () => {
    const query = new QueryString('?%61pikey=k')
    query.remove('apikey')
    assert.equal(query.suffix, '?')
    assert.equal(query.get('apikey'), undefined)
  })
  it('leaves no question mark when it is cleared', () => {
    const query = new QueryString('?a=1')
    assert.equal(query.get('a'), '1')
    query.clear()
    assert.equal(query.suffix, '')
    assert.equal(query.get('a'), undefined)
  })
})
