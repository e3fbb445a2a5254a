// The thread of a worker: takes orders from the main thread, one after the other, and reports how it does.
import { getHeapStatistics } from 'node:v8'
import { parentPort, resourceLimits, workerData } from 'node:worker_threads'
import { ConfigError } from '../../errors/config-error.js'
import { describeError } from '../../errors/describe.js'
import { createLogger } from '../../log/logger.js'
import { CounterTable } from '../../plugin/counter-table.js'
import { HealthTable } from '../../upstream/health/health-table.js'
import { logStrayErrors } from '../stray-errors.js'
import { Place, monotonicMs } from './board.js'
import { loadRunningPlugins } from './running-plugins.js'
import { WorkerRuntime } from './runtime.js'
import { StoreGuest } from './store-guest.js'
import { StoreVersions } from './store-messages.js'
import type { Answer, Order, StopMode, WorkerData } from './messages.js'

const BEAT_MS = 250
/** What may live for long: V8's limit counts the space for what is young as well. */
const HEAP_BYTES =
  getHeapStatistics().heap_size_limit - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20

if (parentPort === null) throw new Error('this module is the thread of a worker')
const port = parentPort
const { settings, place: number, workers, ...shared } = workerData as WorkerData
const { board, counters, buckets, health, secret, store, storeVersions } = shared

const own = createLogger(settings.logLevel)
const log = workers > 1 ? own.child({ worker: number }) : own
const place = new Place(board, number)
logStrayErrors(log)

const starting = start()
// Whoever gives the first order hears of it.
starting.catch(() => undefined)

let turn: Promise<void> = Promise.resolve()
port.on('message', (order: Order) => {
  // An end does not wait for its turn: a graceful one that takes long is followed by a fast one.
  if (order.kind === 'stop') void stop(order.mode, order.timeoutMs)
  else turn = turn.then(async () => port.postMessage(await follow(order)))
})

async function start(): Promise<WorkerRuntime> {
  const plugins = await loadRunningPlugins(settings)
  const runtime = await WorkerRuntime.create(settings, plugins, {
    place,
    log,
    counters: CounterTable.attach(counters),
    buckets: CounterTable.attach(buckets),
    health: HealthTable.attach(health),
    shared: new StoreGuest(store, new StoreVersions(storeVersions), monotonicMs),
    secret,
  })
  // A thread that ends with a socket of uWebSockets.js open takes the whole process along: libuv finds its loop in use.
  process.on('exit', () => runtime.close())
  beat(runtime)
  setInterval(beat, BEAT_MS, runtime)
  return runtime
}

type CarriedOut = Exclude<Order, { kind: 'stop' }>

async function follow(order: CarriedOut): Promise<Answer> {
  try {
    return await carryOut(await starting, order)
  } catch (error) {
    if (error instanceof ConfigError) return { kind: 'refused', problems: error.problems }
    return { kind: 'failed', message: describeError(error) }
  }
}

async function carryOut(runtime: WorkerRuntime, order: CarriedOut): Promise<Answer> {
  switch (order.kind) {
    case 'start':
      break
    case 'prepare':
      await runtime.prepare(order.update)
      break
    case 'commit':
      runtime.commit()
      break
    case 'abandon':
      runtime.abandon()
      break
    case 'inquire':
      return { kind: 'told', value: await runtime.inquire(order.plugin, order.question) }
    case 'listen':
      return { kind: 'listening', listeners: await runtime.listen(order.entries) }
    case 'drain':
      runtime.drain()
      break
    case 'leave':
      runtime.stopListening()
      break
  }
  return { kind: 'done' }
}

async function stop(mode: StopMode, timeoutMs: number): Promise<void> {
  try {
    const runtime = await starting
    await runtime.stop(mode, timeoutMs)
  } catch (error) {
    log.error({ err: error }, 'a worker did not stop as it should')
  }
  process.exit(0)
}

function beat(runtime: WorkerRuntime): void {
  const { used_heap_size: heapBytes } = getHeapStatistics()
  place.report({
    pending: runtime.pending,
    beat: monotonicMs(),
    heapBytes,
    heapUse: heapBytes / HEAP_BYTES,
    guards: runtime.guardCounts,
  })
}
