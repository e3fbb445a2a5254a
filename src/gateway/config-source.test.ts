import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findConfig, type WantedConfig } from './config-source.js'

const nothing = { declarativeConfig: undefined, declarativeConfigString: undefined, prefix: '/p' }
const nowhere = (): boolean => false

describe('the configuration to run', () => {
  it('is the file of the command line, then that of the settings, then the text of the settings', () => {
    const all = { declarativeConfig: '/b.yml', declarativeConfigString: '{}', prefix: '/p' }
    const kindOf = (file: string | undefined, wanted: WantedConfig) =>
      findConfig(file, wanted, () => true).source
    assert.deepEqual(kindOf('/a.yml', all), { kind: 'file', path: '/a.yml' })
    assert.deepEqual(kindOf(undefined, all), { kind: 'file', path: '/b.yml' })
    assert.deepEqual(kindOf(undefined, { ...nothing, declarativeConfigString: '{}' }), {
      kind: 'text',
      text: '{}',
      name: 'KONG_DECLARATIVE_CONFIG_STRING',
    })
  })

  it('is the first of the usual files that is there, and the places are known', () => {
    const there = (path: string): boolean => path === '/kong/declarative/kong.yml'
    const { source, looked } = findConfig(undefined, nothing, there)
    assert.deepEqual(source, { kind: 'file', path: '/kong/declarative/kong.yml' })
    assert.equal(looked[0], '/etc/kong/kong.yml')
    assert.ok(looked.includes('/p/kong.yml'))
  })

  it('is empty when there is none at all', () => {
    assert.deepEqual(findConfig(undefined, nothing, nowhere).source, { kind: 'empty' })
  })
})
