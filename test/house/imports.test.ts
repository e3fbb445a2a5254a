// The walls: which folder may import what. Imports go down only, never to a neighbour; test files may look anywhere.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'
import ts from 'typescript'
import { projectRoot } from '../support/root.js'

const FLOORS: Readonly<Record<string, number>> = {
  'src/cli': 8,
  'src/gateway': 7,
  'src/server': 6,
  'src/pipeline': 5,
  'src/proxy': 4,
  'src/config': 3,
  'src/router': 3,
  'src/upstream': 3,
  'src/plugin': 2,
  'src/model': 1,
  'src/log': 1,
  'src/errors': 0,
  'src/util': 0,
  schemas: 0,
}

/** Libraries that one place alone may know, so that they can be replaced there. */
const CONFINED: Readonly<Record<string, string>> = {
  'uWebSockets.js': 'src/server/uws/',
  ioredis: 'src/plugin/redis-client.ts',
  'dns-packet': 'src/upstream/dns/message.ts',
  opossum: 'src/upstream/',
  'json-schema-to-ts': 'schemas/types.ts',
}

/** gateway/ alone hands the bundled plugins on. */
const PLUGIN_LIST = 'plugins/index.ts'
/** Those that are not built yet. */
const PLANNED_LIST = 'plugins/planned.ts'

/** Runs at build time and is no part of the gateway: it stands above every floor, and nobody imports it. */
const BUILD_TOOL = 'schemas/publish.ts'

const CONTRACT = 'gw/plugin'

interface Edge {
  readonly from: string
  /** A path below the project, or a package. */
  readonly to: string
  readonly isPackage: boolean
}

/** Every import of the production code, type-only and dynamic ones included. */
function readEdges(): Edge[] {
  return ['src', 'plugins', 'schemas'].flatMap(sourcesBelow).flatMap(edgesOf)
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
}

function edgesOf(from: string): Edge[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(projectRoot, from), 'utf8'))
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith('.')
      ? {
          from,
          to: normalize(join(dirname(from), fileName)).replace(/\.js$/, '.ts'),
          isPackage: false,
        }
      : { from, to: fileName, isPackage: true },
  )
}

/** The room that a file belongs to: `src/router`, `plugins/cors`, `schemas`. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'schemas' ? first : `${first}/${second}`
}

/** Why the edge may not be, or null. */
function faultOf({ from, to, isPackage }: Edge): string | null {
  if (isPackage) return packageFault(from, to)
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
  if (from === BUILD_TOOL) return null
  if (to === BUILD_TOOL) return 'it is a tool of the build'
  if (to === PLUGIN_LIST || to === PLANNED_LIST) {
    return fromRoom === 'src/gateway' ? null : 'the lists of bundled plugins are for gateway/ alone'
  }
  if (from.startsWith('plugins/')) {
    if (from === PLUGIN_LIST || from === PLANNED_LIST || fromRoom === toRoom) return null
    return `a plugin imports ${CONTRACT}, its own folder and npm`
  }
  if (fromRoom === toRoom) return null
  const [floor, below] = [FLOORS[fromRoom], FLOORS[toRoom]]
  if (floor === undefined) return `${fromRoom} has no floor`
  if (below === undefined) return `${toRoom} has no floor`
  return below < floor ? null : `floor ${floor} may not import from floor ${below}`
}

function packageFault(from: string, name: string): string | null {
  for (const [library, place] of Object.entries(CONFINED)) {
    const isIt = name === library || name.startsWith(`${library}/`)
    if (isIt && !from.startsWith(place)) return `${library} is known to ${place} alone`
  }
  if (name === CONTRACT && !from.startsWith('plugins/')) return `${CONTRACT} is for plugins`
  return null
}

describe('imports', () => {
  const edges = readEdges()

  it('are found', () => {
    assert.ok(
      edges.some(
        ({ from, to }) => from === 'src/model/exchange.ts' && to === 'src/errors/codes.ts',
      ),
    )
    assert.ok(edges.some(({ to }) => to === 'pino'))
  })

  it('go down only', () => {
    const faults = edges.flatMap((edge) => {
      const fault = faultOf(edge)
      return fault === null ? [] : [`${edge.from} -> ${edge.to}: ${fault}`]
    })
    assert.deepEqual(faults, [])
  })

  for (const [from, to, allowed] of [
    ['src/pipeline/run.ts', 'src/model/exchange.ts', true],
    ['src/pipeline/run.ts', 'src/server/engine.ts', false],
    ['src/router/match.ts', 'src/config/load.ts', false],
    ['src/log/logger.ts', 'src/model/entities.ts', false],
    ['src/gateway/start.ts', 'plugins/index.ts', true],
    ['src/config/load.ts', 'plugins/index.ts', false],
    ['schemas/publish.ts', 'plugins/index.ts', true],
    ['schemas/route.ts', 'src/config/entities/collections.ts', false],
    ['src/gateway/start.ts', 'schemas/publish.ts', false],
    ['plugins/cors/index.ts', 'plugins/cors/schema.ts', true],
    ['plugins/cors/index.ts', 'plugins/key-auth/index.ts', false],
    ['plugins/cors/index.ts', 'src/plugin/contract.ts', false],
    ['src/router/match.ts', 'test/support/root.ts', false],
  ] as const) {
    it(`${allowed ? 'may' : 'may not'} lead from ${from} to ${to}`, () => {
      assert.equal(faultOf({ from, to, isPackage: false }) === null, allowed)
    })
  }

  for (const [from, to, allowed] of [
    ['src/server/uws/engine.ts', 'uWebSockets.js', true],
    ['src/server/listen.ts', 'uWebSockets.js', false],
    ['src/upstream/breaker.ts', 'opossum', true],
    ['src/proxy/send.ts', 'opossum', false],
    ['schemas/plugin.ts', 'json-schema-to-ts', false],
    ['src/gateway/start.ts', 'gw/plugin', false],
    ['plugins/cors/index.ts', 'gw/plugin', true],
  ] as const) {
    it(`${allowed ? 'may' : 'may not'} name the package ${to} in ${from}`, () => {
      assert.equal(faultOf({ from, to, isPackage: true }) === null, allowed)
    })
  }
})
