import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { definePlugin, type AnyPlugin } from './contract.js'
import { loadPlugins } from './loader.js'
import type { PluginRegistry } from './registry.js'

const bundled: AnyPlugin[] = ['first', 'second'].map((name, i) =>
  definePlugin({ name, version: '1.0.0', priority: 10 - i, schema: { type: 'object' } as const }),
)

const SOURCE = `
import { ConfigFault, definePlugin } from 'gw/plugin'
const fault: ConfigFault = new ConfigFault('', 'made here')
export default definePlugin({
  name: 'NAME', version: '1.2.3', priority: 20,
  schema: { type: 'object', properties: {} } as const,
  prepare(): never { throw fault },
})
`

let folder: string
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'gw-loader-'))))
after(() => rm(folder, { recursive: true }))

async function write(file: string, text: string): Promise<string> {
  const full = path.join(folder, file)
  await mkdir(path.dirname(full), { recursive: true })
  await writeFile(full, text)
  return full
}

function load(enabled: string[], pluginPath: string | undefined = folder): Promise<PluginRegistry> {
  return loadPlugins({ enabled, path: pluginPath, bundled, formats: ['host'] })
}

/** The one problem of an attempt that fails. */
async function problemOf(attempt: Promise<unknown>) {
  const error: unknown = await attempt.then(
    () => assert.fail('loaded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ConfigError)
  const [problem, ...more] = error.problems
  assert.ok(problem)
  assert.deepEqual(more, [])
  return { hint: '', ...problem }
}

describe('loadPlugins', () => {
  it('takes all bundled plugins for "bundled"', async () => {
    assert.deepEqual((await load(['bundled'])).names(), ['first', 'second'])
  })

  it('takes single ones by name, and none for "off"', async () => {
    assert.deepEqual((await load([' second ', 'second'])).names(), ['second'])
    assert.deepEqual((await load(['off'])).names(), [])
  })

  describe('a plugin of the user', () => {
    it('may name a format that there is', async () => {
      const field = "{ type: 'string', format: 'host' }"
      const source = SOURCE.replace('properties: {}', `properties: { a: ${field} }`)
      await write('formatted.ts', source.replace('NAME', 'formatted'))
      assert.deepEqual((await load(['formatted'])).names(), ['formatted'])
    })

    const places = [
      'in-ts.ts',
      'in-js.js',
      'in-mjs.mjs',
      'ts-folder/index.ts',
      'js-folder/index.js',
    ]
    for (const place of places) {
      it(`is found in ${place}, without node_modules`, async () => {
        const name = place.replace(/[./].*/, '')
        const typeless = SOURCE.replace(': ConfigFault', '')
          .replace(' as const', '')
          .replace(': never', '')
        await write(place, (place.endsWith('ts') ? SOURCE : typeless).replace('NAME', name))
        const registry = await load(['bundled', name])
        assert.deepEqual(registry.names(), [name, 'first', 'second'])
      })
    }

    it('shares the classes of the gateway, so that its faults are known as such', async () => {
      await write('faulty.ts', SOURCE.replace('NAME', 'faulty'))
      const plugin = (await load(['faulty'])).get('faulty')
      const { ConfigFault } = await import('./config-fault.js')
      const use = { id: '', routeId: null, serviceId: null, consumerId: null }
      assert.throws(() => plugin?.prepare?.({}, use), ConfigFault)
    })

    it('stands in for a bundled one that is not built yet, when it is named', async () => {
      const planned = [{ name: 'planned', schema: { type: 'object' } as const }]
      await write('planned.ts', SOURCE.replace('NAME', 'planned'))
      const options = { path: folder, bundled, planned, formats: [] }
      const named = await loadPlugins({ ...options, enabled: ['bundled', 'planned'] })
      assert.ok(named.get('planned'))
      assert.ok(named.isOwn('planned'))
      const unnamed = await loadPlugins({ ...options, enabled: ['bundled'] })
      assert.equal(unnamed.get('planned'), undefined)
      assert.ok(unnamed.spec('planned'))
    })

    it('may import files beside it', async () => {
      await write('with-helper/helper.ts', "export const name: string = 'with-helper'\n")
      const source = `import { name } from './helper'\n${SOURCE.replace("'NAME'", 'name')}`
      await write('with-helper/index.ts', source)
      assert.deepEqual((await load(['with-helper'])).names(), ['with-helper'])
    })

    it('may import packages from a node_modules of its own, and wait at its top level', async () => {
      await write(
        'node_modules/fine/package.json',
        '{"name":"fine","type":"module","exports":"./fine.js"}',
      )
      await write('node_modules/fine/fine.js', "export const name = 'with-package'\n")
      const source = `import { name } from 'fine'\nawait Promise.resolve()\n${SOURCE.replace("'NAME'", 'name')}`
      await write('with-package.ts', source)
      assert.deepEqual((await load(['with-package'])).names(), ['with-package'])
    })

    it('is looked for in every folder of the path, the first one winning', async () => {
      await write('one/twice.ts', SOURCE.replace('NAME', 'twice').replace('1.2.3', '1.0.0'))
      await write('two/twice.ts', SOURCE.replace('NAME', 'twice').replace('1.2.3', '2.0.0'))
      const registry = await load(['twice'], `${folder}/none:${folder}/one:${folder}/two`)
      assert.equal(registry.get('twice')?.version, '1.0.0')
    })
  })

  describe('refuses', () => {
    it('a plugin that is nowhere, saying where it has looked', async () => {
      const { message, hint } = await problemOf(load(['missing']))
      assert.equal(
        message,
        `plugin 'missing' is enabled but not installed: it is not bundled, and not in ${folder}`,
      )
      assert.match(hint, /put missing\.ts into a folder of GW_PLUGIN_PATH/)
    })

    it('a plugin of the user when there is no path', async () => {
      const { message } = await problemOf(load(['missing'], ''))
      assert.match(message, /GW_PLUGIN_PATH is not set/)
    })

    it('a name that leads out of the path', async () => {
      const { message } = await problemOf(load(['../evil']))
      assert.equal(message, "'../evil' cannot be the name of a plugin")
    })

    it('a syntax error, with its place', async () => {
      const file = await write(
        'broken.ts',
        "import { definePlugin } from 'gw/plugin'\n\nexport default definePlugin({ name: = })\n",
      )
      const problem = await problemOf(load(['broken']))
      assert.match(problem.message, /^plugin 'broken' cannot be loaded: .+/)
      assert.deepEqual([problem.file, problem.line], [file, 3])
      assert.ok(problem.column > 0)
    })

    it('a module that throws, with its place', async () => {
      const file = await write(
        'throws.ts',
        "interface A { b: string }\n\nconst a: A = { b: 'c' }\nthrow new Error(`no ${a.b}`)\n",
      )
      const problem = await problemOf(load(['throws']))
      assert.equal(problem.message, "plugin 'throws' cannot be loaded: no c")
      assert.deepEqual([problem.file, problem.line], [file, 4])
    })

    it('an import that cannot be resolved', async () => {
      await write('lost.ts', "import 'no-such-package'\n")
      const { message } = await problemOf(load(['lost']))
      assert.match(message, /plugin 'lost' cannot be loaded: .*no-such-package/)
    })

    const exports: readonly (readonly [title: string, source: string, expected: RegExp])[] = [
      ['no default export', 'export const plugin = 1', /no default export/],
      ['an export that is no object', 'export default 1', /not a plugin: it is no object/],
      ['a missing version', "export default { name: 'NAME' }", /not a plugin: version is missing/],
      [
        'a phase that is no function',
        "export default { name: 'NAME', version: '1.0.0', priority: 1, schema: { type: 'object' }, access: 1 }",
        /access is no function/,
      ],
      ['a wrong version', SOURCE.replace('1.2.3', '1'), /version must be like 1\.2\.3, not "1"/],
      ['another name than the file', SOURCE.replace('NAME', 'other'), /calls itself 'other'/],
      [
        'a schema of no object',
        SOURCE.replace("type: 'object'", "type: 'array'"),
        /bad schema: type must be 'object'/,
      ],
      [
        'a schema with unknown words',
        SOURCE.replace('properties', 'propertys'),
        /bad schema: strict mode: unknown keyword: "propertys"/,
      ],
      [
        'a schema with a type that is none',
        SOURCE.replace('properties: {}', "properties: { a: { type: 'text' } }"),
        /bad schema: schema is invalid/,
      ],
      [
        'a schema with a format that is none',
        SOURCE.replace('properties: {}', "properties: { a: { type: 'string', format: 'hots' } }"),
        /bad schema: unknown format "hots"/,
      ],
    ]
    for (const [index, [title, source, expected]] of exports.entries()) {
      it(title, async () => {
        const name = `export-${index}`
        const file = await write(`${name}.ts`, source.replace('NAME', name))
        const problem = await problemOf(load([name]))
        assert.match(problem.message, expected)
        assert.equal(problem.file, file)
        assert.notEqual(problem.hint, '')
      })
    }

    it('several plugins at once, naming each', async () => {
      await assert.rejects(load(['missing', 'first', 'absent']), (error) => {
        assert.ok(error instanceof ConfigError)
        assert.deepEqual(
          error.problems.map(({ message }) => message.split(' ', 2)[1]),
          ["'missing'", "'absent'"],
        )
        return true
      })
    })
  })
})
