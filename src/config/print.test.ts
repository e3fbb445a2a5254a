import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { configDocument, documentPlugins } from '../../test/support/arbitrary-config.js'
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { PluginRegistry } from '../plugin/registry.js'
import { readDocument } from './document.js'
import { flatten } from './flatten.js'
import { loadConfig } from './load.js'
import { printConfig, type PrintFormat } from './print.js'
import { checkPlugins } from './plugins.js'
import { resolve } from './resolve.js'
import { isRecord } from './settle.js'

const NOW = 1700000000999
const SECONDS = 1700000000

const context = {
  plugins: new PluginRegistry([...documentPlugins, ...bundledPlugins], plannedPlugins),
  now: () => NOW,
}

function print(text: string, file: string, format: PrintFormat): string {
  return printConfig({ text, file }, context, format)
}

/** All entities by collection and id, with references as ids. */
function entitiesOf(text: string, file: string): Map<string, unknown> {
  const { value } = readDocument(text, file)
  assert.ok(isRecord(value))
  const { drafts, faults } = flatten(value, {
    now: NOW,
    isEnabled: () => true,
    routerFlavour: 'traditional_compatible',
  })
  faults.push(...resolve(drafts), ...checkPlugins(drafts, context.plugins, null).faults)
  assert.deepEqual(faults, [])
  return new Map(
    drafts.map(({ collection, id, fields, references }) => {
      const links = [...references].map(([field, reference]) => [
        field,
        reference?.kind === 'resolved' ? reference.draft.id : null,
      ])
      const times = { created_at: fields.created_at ?? SECONDS, updated_at: SECONDS }
      return [`${collection.name} ${id}`, { ...fields, ...times, id, links }]
    }),
  )
}

/** With ids and keys made up, so that the same text gives the same entities. */
function withIds(text: string): string {
  return print(text, 'kong.json', 'json')
}

describe('a printed configuration', () => {
  for (const format of ['yaml', 'json'] as const) {
    it(`gives the same entities when it is read again as ${format}`, () => {
      fc.assert(
        fc.property(configDocument, (document) => {
          const source = withIds(JSON.stringify(document))
          const file = `printed.${format}`
          const printed = print(source, 'kong.json', format)
          assert.deepEqual(entitiesOf(printed, file), entitiesOf(source, 'kong.json'))
          assert.equal(print(printed, file, format), printed)
        }),
        { seed: 11, numRuns: 150 },
      )
    })
  }

  it('holds what the file said', () => {
    fc.assert(
      fc.property(configDocument, (document) => {
        const source = JSON.stringify(document)
        const printed = print(source, 'kong.json', 'yaml')
        assert.deepEqual(namesAndKeys(printed, 'a.yml'), namesAndKeys(source, 'a.json'))
      }),
      { seed: 12, numRuns: 150 },
    )
  })

  it('has every entity at the top level, with its id, all fields and references by id', () => {
    const text = [
      '_format_version: "3.0"',
      'services:',
      '  - name: on',
      '    url: https://a.test/x',
      '    routes: [{name: r, paths: [/]}]',
      'consumers: [{username: "1e3", tags: ["on", a b]}]',
      '',
    ].join('\n')
    const lines = print(text.replace('name: on', 'name: "on"'), 'kong.yml', 'yaml').split('\n')
    const service = lines.find((line) => line.startsWith('  service: '))
    assert.ok(lines.includes(`- id: ${service?.slice('  service: '.length) ?? ''}`))
    for (const line of [
      '  name: "on"',
      '  port: 443',
      '  path: /x',
      '  username: "1e3"',
      '  - a b',
    ]) {
      assert.ok(lines.includes(line), `${line} in ${lines.join('\n')}`)
    }
    assert.deepEqual(
      lines.filter((line) => /^\w/.test(line)),
      ['_format_version: "3.0"', '_transform: false', 'services:', 'routes:', 'consumers:'],
    )
  })

  it('keeps a plugin where it is nested when Kong would refuse it at the top level', () => {
    const text =
      '{"_format_version": "3.0", "consumers": [{"username": "u", "plugins": [{"name": "not-for-consumers"}]}]}'
    const printed = print(text, 'kong.json', 'yaml')
    assert.match(printed, /^ {2}plugins:\n {2}- id: /m)
    assert.equal(print(printed, 'kong.yml', 'yaml'), printed)
  })

  it('refers by object where an id is also the name of another', () => {
    const id = '6f8f9c1e-9a5f-4c9e-8f57-6a1d5c1f0a11'
    const text = JSON.stringify({
      _format_version: '3.0',
      services: [
        { id, name: 'a', host: 'a.test', routes: [{ paths: ['/'] }] },
        { name: id, host: 'b.test' },
      ],
    })
    const printed = print(text, 'kong.json', 'yaml')
    const { snapshot } = loadConfig({ text: printed, file: 'kong.yml' }, context)
    assert.equal(snapshot.routes[0]?.service?.name, 'a')
  })

  it('does not let an upstream change its algorithm', () => {
    const text = JSON.stringify({
      _format_version: '3.0',
      upstreams: [{ name: 'u.test', algorithm: 'consistent-hashing' }],
    })
    const printed = print(text, 'kong.json', 'yaml')
    assert.match(printed, /algorithm: consistent-hashing/)
    assert.equal(print(printed, 'kong.yml', 'yaml'), printed)
  })
})

/** What does not depend on ids that are made up. */
function namesAndKeys(text: string, file: string): unknown {
  const { snapshot } = loadConfig({ text, file }, context)
  return {
    services: snapshot.services.map(({ name, host, port, path, tags }) => ({
      name,
      host,
      port,
      path,
      tags,
    })),
    routes: snapshot.routes.map(({ name, paths, headers, service }) => ({
      name,
      paths,
      headers,
      host: service?.host,
    })),
    consumers: snapshot.consumers.map(({ username, custom_id }) => ({ username, custom_id })),
    plugins: snapshot.plugins.map(({ name, config, consumer, route, service }) => ({
      name,
      config,
      scope: [consumer?.username, route?.paths, service?.host],
    })),
    groups: snapshot.consumers.map((consumer) =>
      snapshot.credentialsOf('acls', consumer).map(({ group }) => group),
    ),
  }
}
