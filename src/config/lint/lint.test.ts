import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PluginRegistry } from '../../plugin/registry.js'
import { loadConfig } from '../load.js'
import { lint } from './index.js'
import type { Rule } from './rule.js'

describe('linting', () => {
  const lookup = new PluginRegistry([])
  const text = '_format_version: "3.0"\nconsumers: [{username: ann}]\n'
  const { origin } = loadConfig({ text, file: 'kong.yml' }, { plugins: lookup, now: () => 0 })
  const context = { plugins: lookup }

  const good: Rule = {
    name: 'good',
    check: (view) => view.all('consumers').map(({ path }) => ({ path, message: 'seen' })),
  }
  const slow: Rule = {
    name: 'slow',
    check: () => (/^(a+)+$/.test(`${'a'.repeat(60)}!`) ? [] : []),
  }

  it('names the rule of each finding', () => {
    assert.deepEqual(lint(origin, context, [good]), [
      { path: ['consumers', 0], message: 'seen', rule: 'good' },
    ])
  })

  it('gives up a rule that takes too long, says so, and goes on with the others', () => {
    assert.deepEqual(
      lint(origin, context, [good, slow, good], 50).map(({ message, rule }) => [rule, message]),
      [
        ['good', 'seen'],
        ['slow', 'took more than 50 ms and was given up'],
        ['good', 'seen'],
      ],
    )
  })
})
