// The recorded cases: what there is, what each needs, and how long it will take.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../support/root.js'

export interface Case {
  /** `key-auth/basics`: the folder below cases/; `parse/bad-id`: a file of parse/. */
  readonly name: string
  readonly kind: 'exchange' | 'parse'
  readonly usesRedis: boolean
  /** A guess, to deal the work out evenly. */
  readonly costMs: number
}

export const recordings = join(projectRoot, 'test/conformance/kong')

export function listCases(): Case[] {
  return [...exchangeCases(join(recordings, 'cases'), ''), ...parseCases(join(recordings, 'parse'))]
}

function exchangeCases(root: string, prefix: string): Case[] {
  return readdirSync(join(root, prefix), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      const folder = join(root, name)
      return existsSync(join(folder, 'steps.json'))
        ? [exchangeCase(name, folder)]
        : exchangeCases(root, name)
    })
}

/** What a step says about its duration; run.mjs explains the rest. */
interface Step {
  readonly wait_ms?: number
  readonly settle_ms?: number
  readonly repeat?: number
  readonly tally?: object
  readonly config?: string
}

// A gateway's start and end, on a busy machine.
const START_MS = 900
// run.mjs waits after each request where a limit may be counted late, and after a new configuration.
const SETTLE_MS = 100
const RELOAD_MS = 500

function exchangeCase(name: string, folder: string): Case {
  const config = readFileSync(join(folder, 'kong.yml'), 'utf8')
  // Written by run.mjs's own recorder: the list of steps, or an object that holds it.
  const file = JSON.parse(readFileSync(join(folder, 'steps.json'), 'utf8')) as
    Step[] | { steps: Step[] }
  const settleMs = /rate-?limiting/.test(config) ? SETTLE_MS : 5
  let costMs = START_MS
  for (const step of Array.isArray(file) ? file : file.steps) {
    costMs += step.wait_ms ?? 0
    if (step.tally === undefined) costMs += (step.repeat ?? 1) * (step.settle_ms ?? settleMs)
    if (step.config !== undefined) costMs += RELOAD_MS
  }
  return { name, kind: 'exchange', usesRedis: config.includes('@PORT_REDIS@'), costMs }
}

function parseCases(folder: string): Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .filter((file) => existsSync(join(folder, file.replace(/\.yml$/, '.kong.json'))))
    .map((file) => ({
      name: `parse/${file.replace(/\.yml$/, '')}`,
      kind: 'parse',
      usesRedis: false,
      costMs: 300,
    }))
}

export const ENGINES = ['uws', 'http1'] as const
export type EngineName = (typeof ENGINES)[number]

/** The cases that say something about an engine: how a file is read is the same for all, and asked with the first. */
export function casesOf(engine: EngineName): Case[] {
  const all = listCases()
  return engine === ENGINES[0] ? all : all.filter(({ kind }) => kind === 'exchange')
}

/** The file that names the cases that must pass on that engine. */
export function passingListFile(engine: EngineName): string {
  const name = engine === ENGINES[0] ? 'passing.txt' : `passing-${engine}.txt`
  return join(projectRoot, 'test/conformance', name)
}

/** Names of the cases that must pass on that engine. */
export function readPassing(engine: EngineName): string[] {
  return readFileSync(passingListFile(engine), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
