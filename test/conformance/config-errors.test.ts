// What POST /config says of a wrong document with flatten_errors, against what Kong said of the same files.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { loadConfig } from '../../src/config/index.js'
import { ConfigError } from '../../src/errors/config-error.js'
import { describeConfigError } from '../../src/gateway/admin/config-errors.js'
import type { FlattenedError } from '../../src/gateway/admin/flattened-errors.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { recordings } from './cases.js'

/** Where gw says more than Kong, or means another place; the values say how. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'certificate-bad': 'Kong adds the words of OpenSSL',
  'expression-route': 'Kong finds fault with the missing matcher as well',
  'keyauth-duplicate': 'Kong does not find the entity of what is nested',
  'keyauth-ghost-consumer': 'Kong says nothing at all',
  'route-unknown-service': 'Kong says nothing at all',
}

interface Recorded {
  readonly ok: boolean
  readonly message: string
  readonly fields: object | null
  readonly flattened?: readonly FlattenedError[]
}

interface Answer {
  readonly message: string
  readonly fields: object
  readonly flattened_errors: readonly FlattenedError[]
}

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)
const folder = join(recordings, 'parse')

function answerTo(text: string): Answer {
  const source = { text, file: 'POST /config', format: 'auto' } as const
  try {
    loadConfig(source, { plugins, now: Date.now })
  } catch (error) {
    assert(error instanceof ConfigError)
    return describeConfigError(error, source, { isFlat: true, hasPlaces: false }) as Answer
  }
  return assert.fail('the document was taken')
}

/** One line for each entity, in any order; with Kong's own words for patterns left out. */
function lines(errors: readonly FlattenedError[]): string[] {
  return errors
    .map(({ entity_type: type, entity_name: name, errors: faults }) => {
      const said = faults
        .filter(({ message }) => !message.startsWith('failed conditional validation'))
        .map((fault) => {
          const field = fault.type === 'field' ? fault.field : '@entity'
          return `${field}: ${fault.message.replace(/ \(PCRE returned.*/, '')}`
        })
      return `${type} ${name ?? ''} (${said.sort().join('; ')})`
    })
    .sort()
}

describe('the faults of a document, entity by entity', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.kong.json'))) {
    const name = file.replace(/\.kong\.json$/, '')
    // Written by the recorder, in this shape.
    const recorded = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded
    // Without fields, Kong has failed with 500.
    if (recorded.ok || recorded.fields === null || name in DIFFERENT) continue
    it(`are those that Kong names: ${name}`, () => {
      const answer = answerTo(readFileSync(join(folder, `${name}.yml`), 'utf8'))
      assert.deepEqual(lines(answer.flattened_errors), lines(recorded.flattened ?? []))
      assert.deepEqual(answer.fields, recorded.fields)
      assert.equal(answer.message, recorded.message)
    })
  }
})
