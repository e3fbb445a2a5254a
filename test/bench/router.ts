// What a look-up costs, and what a table costs to build, for growing tables of each kind.
//   node --expose-gc dist/test/bench/router.bench.js
import type { Route } from '../../src/model/entities.js'
import type { RouteQuestion, Router } from '../../src/router/contract.js'
import { createRouter } from '../../src/router/index.js'
import { makeQuestion, makeRoute } from '../support/routes.js'

interface Table {
  readonly name: string
  readonly sizes: readonly number[]
  route(i: number, size: number): Partial<Route>
  question(i: number, size: number): Partial<RouteQuestion>
}

const SIZES = [1, 10, 1_000, 10_000, 100_000]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE']

const TABLES: readonly Table[] = [
  {
    name: 'prefix',
    sizes: SIZES,
    route: (i) => ({ paths: [`/api/v1/service-${i}`] }),
    question: (i) => ({ path: `/api/v1/service-${i}/items/42` }),
  },
  {
    name: 'host',
    sizes: SIZES,
    route: (i) => ({ hosts: [`tenant-${i}.example.com`] }),
    question: (i) => ({ host: `tenant-${i}.example.com`, path: '/items/42' }),
  },
  {
    name: 'wildcard host',
    sizes: SIZES,
    route: (i) => ({ hosts: [`*.tenant-${i}.example.com`] }),
    question: (i) => ({ host: `www.tenant-${i}.example.com`, path: '/items/42' }),
  },
  {
    name: 'regex',
    sizes: SIZES.filter((size) => size <= 10_000),
    route: (i) => ({ paths: [`~/api/v1/service-${i}/(?<id>\\d+)$`] }),
    question: (i) => ({ path: `/api/v1/service-${i}/42` }),
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
    name: 'no match',
    sizes: SIZES,
    route: (i) => ({ paths: [`/api/v1/service-${i}`] }),
    question: (i) => ({ path: `/api/v2/service-${i}` }),
  },
]

const QUESTIONS = 1_000
const ROUNDS = 1_000

for (const table of TABLES) for (const size of table.sizes) measure(table, size)

function measure(table: Table, size: number): void {
  const routes = Array.from({ length: size }, (_, i) => makeRoute(i, table.route(i, size)))
  const heapBefore = usedHeap()
  const started = cpuMs()
  const router = createRouter(routes, { flavour: 'traditional_compatible' })
  const buildMs = cpuMs() - started
  const heapBytes = usedHeap() - heapBefore
  const questions = Array.from({ length: QUESTIONS }, (_, n) =>
    makeQuestion(table.question(Math.floor((n * size) / QUESTIONS), size)),
  )
  ask(router, questions) // compiles the hot path
  const ns = ask(router, questions)
  console.log(
    [
      table.name.padEnd(24),
      `${size} routes`.padStart(14),
      `${ns.toFixed(0)} ns/match`.padStart(14),
      `built in ${buildMs.toFixed(1)} ms`.padStart(20),
      `${(heapBytes / 1024 / 1024).toFixed(1)} MB`.padStart(10),
    ].join(' '),
  )
}

/** Nanoseconds a look-up takes. */
function ask(router: Router, questions: readonly RouteQuestion[]): number {
  let found = 0
  const started = cpuMs()
  for (let round = 0; round < ROUNDS; round++) {
    for (const question of questions) if (router.match(question) !== null) found++
  }
  const elapsed = cpuMs() - started
  // Looking at what has been found keeps the loop from being optimised away.
  if (found < 0) throw new Error('impossible')
  return (elapsed * 1e6) / (ROUNDS * questions.length)
}

/** Time on the processor: what else runs on the machine does not count, this process's other threads do. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function usedHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
