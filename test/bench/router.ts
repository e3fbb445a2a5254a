// What a look-up costs, and what a table costs to build and to hold, for growing tables of each kind.
//
//   node --expose-gc dist/test/bench/router.js
import type { Route } from '../../src/model/entities.js'
import type { RouteQuestion, Router } from '../../src/router/contract.js'
import { createRouter } from '../../src/router/index.js'
import { cpuMs } from '../support/cpu.js'
import { makeQuestion, makeRoute } from '../support/routes.js'
import { keep, measuredNow, type RouterResult } from './results.js'
import { median } from './stats.js'

interface Table {
  readonly name: string
  readonly sizes: readonly number[]
  route(i: number, size: number): Partial<Route>
  question(i: number, size: number): Partial<RouteQuestion>
}

const SIZES = [1, 1_000, 10_000, 100_000]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE']

const TABLES: readonly Table[] = [
  {
    name: 'prefix',
    sizes: SIZES,
    route: (i) => ({ paths: [`/api/v1/service-${i}`] }),
    question: (i) => ({ path: `/api/v1/service-${i}/items/42` }),
  },
  {
    name: 'prefix, no match',
    sizes: SIZES,
    route: (i) => ({ paths: [`/api/v1/service-${i}`] }),
    question: (i) => ({ path: `/api/v2/service-${i}` }),
  },
  {
    name: 'host',
    sizes: SIZES,
    route: (i) => ({ hosts: [`tenant-${i}.example.com`] }),
    question: (i) => ({ host: `tenant-${i}.example.com`, path: '/items/42' }),
  },
  {
    name: 'host, no match',
    sizes: SIZES,
    route: (i) => ({ hosts: [`tenant-${i}.example.com`] }),
    question: (i) => ({ host: `other-${i}.example.com`, path: '/items/42' }),
  },
  {
    name: 'wildcard host',
    sizes: SIZES,
    route: (i) => ({ hosts: [`*.tenant-${i}.example.com`] }),
    question: (i) => ({ host: `www.tenant-${i}.example.com`, path: '/items/42' }),
  },
  {
    name: 'host, path and methods',
    sizes: SIZES,
    route: (i, size) => ({
      hosts: [`tenant-${i % Math.ceil(size / 10)}.example.com`],
      paths: [`/orders-${Math.floor(i / 100)}`, `~/users-${i}/\\d+`],
      methods: METHODS,
    }),
    question: (i, size) => ({
      host: `tenant-${i % Math.ceil(size / 10)}.example.com`,
      path: `/users-${i}/42`,
    }),
  },
  {
    name: 'regex',
    sizes: SIZES,
    route: (i) => ({ paths: [`~/api/v1/service-${i}/(?<id>\\d+)$`] }),
    question: (i) => ({ path: `/api/v1/service-${i}/42` }),
  },
  {
    name: 'regex, no match',
    sizes: SIZES,
    route: (i) => ({ paths: [`~/api/v1/service-${i}/(?<id>\\d+)$`] }),
    question: (i) => ({ path: `/api/v1/service-${i}/x` }),
  },
  {
    // Nothing to file them by: they are tried one after the other, as in Kong.
    name: 'regex without a beginning',
    sizes: SIZES.filter((size) => size <= 1_000),
    route: (i) => ({ paths: [`~/[^/]+/service-${i}/(?<id>\\d+)$`] }),
    question: (i) => ({ path: `/api/service-${i}/42` }),
  },
]

/** Asked in turn: more than the processor's cache holds of a large table. */
const QUESTIONS = 1_000
const ROUNDS = 5
const ROUND_MS = 60
/** Looked at, so that the loop is not optimised away. */
let found = 0

const results = TABLES.flatMap((table) => table.sizes.map((size) => measure(table, size)))
keep({ router: results })

function measure(table: Table, size: number): RouterResult {
  const routes = Array.from({ length: size }, (_, i) => makeRoute(i, table.route(i, size)))
  const heapBefore = usedHeap()
  const started = cpuMs()
  const router = createRouter(routes, { flavour: 'traditional_compatible' })
  const buildMs = cpuMs() - started
  const heapBytes = usedHeap() - heapBefore
  const questions = Array.from({ length: QUESTIONS }, (_, n) =>
    makeQuestion(table.question(Math.floor((n * size) / QUESTIONS), size)),
  )
  const result = {
    ...measuredNow(),
    table: table.name,
    routes: size,
    nanoseconds: time(router, questions),
    nanosecondsOfOne: time(router, questions.slice(0, 1)),
    buildMs,
    bytesPerRoute: heapBytes / size,
  }
  console.log(
    `${table.name}, ${size} routes: ${result.nanoseconds.toFixed(0)} ns, of one route ` +
      `${result.nanosecondsOfOne.toFixed(0)} ns; built in ${buildMs.toFixed(0)} ms, ` +
      `${(heapBytes / 2 ** 20).toFixed(1)} MB`,
  )
  return result
}

/** Nanoseconds a look-up takes. */
function time(router: Router, questions: readonly RouteQuestion[]): number {
  ask(router, questions) // compiles the hot path, and the expressions
  return median(Array.from({ length: ROUNDS }, () => timeOnce(router, questions)))
}

function timeOnce(router: Router, questions: readonly RouteQuestion[]): number {
  let asked = 0
  const started = cpuMs()
  for (let elapsed = 0; elapsed < ROUND_MS; elapsed = cpuMs() - started) {
    for (let i = 0; i < QUESTIONS; i += questions.length) ask(router, questions)
    asked += QUESTIONS
  }
  return ((cpuMs() - started) * 1e6) / asked
}

function ask(router: Router, questions: readonly RouteQuestion[]): void {
  for (const question of questions) if (router.match(question) !== null) found++
  if (found < 0) throw new Error('impossible')
}

function usedHeap(): number {
  if (globalThis.gc === undefined) throw new Error('run me with --expose-gc')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
