import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { definePlugin, type AnyPlugin } from './contract.js'
import { PluginRegistry } from './registry.js'

function plugin(name: string, priority: number, version = '1.0.0'): AnyPlugin {
  return definePlugin({ name, version, priority, schema: { type: 'object' } as const })
}

describe('PluginRegistry', () => {
  it('lists plugins by falling priority, and by falling name where priorities are equal', () => {
    const registry = new PluginRegistry([
      plugin('a', 5),
      plugin('z', -1),
      plugin('c', 5),
      plugin('b', 9),
    ])
    assert.deepEqual(registry.names(), ['b', 'c', 'a', 'z'])
  })

  it('finds a plugin by its name', () => {
    const one = plugin('one', 1)
    const registry = new PluginRegistry([one])
    assert.equal(registry.get('one'), one)
    assert.equal(registry.get('two'), undefined)
  })

  it('refuses two plugins of one name', () => {
    assert.throws(
      () => new PluginRegistry([plugin('a', 1), plugin('a', 2)]),
      /two plugins are called 'a'/,
    )
  })

  it('refuses a version that is not like 1.2.3', () => {
    for (const version of ['1.2', 'v1.2.3', '1.2.3-beta', '']) {
      assert.throws(
        () => new PluginRegistry([plugin('a', 1, version)]),
        /plugin 'a': version must be like 1\.2\.3/,
      )
    }
  })

  it('refuses a priority that is no integer', () => {
    for (const priority of [1.5, Number.NaN, Infinity]) {
      assert.throws(
        () => new PluginRegistry([plugin('a', priority)]),
        /plugin 'a': priority must be an integer/,
      )
    }
  })
})
