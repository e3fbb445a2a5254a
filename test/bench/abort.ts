// Clients that leave in the middle: many connections, every tenth request given up. Nobody else may notice, and nothing
// may be left behind.
//
//   node dist/test/bench/abort.js [--engine uws|http1|both] [--requests 100000] [--connections 256]
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { residentBytes } from './cpu.js'
import { chosenEngines } from './engines.js'

export interface AbortOptions {
  readonly engine: EngineKind
  readonly requests: number
  readonly connections: number
  /** Every how many-th request is given up. */
  readonly abortEvery: number
  /** After so long the run ends and says so. */
  readonly deadlineMs: number
}

export interface AbortReport {
  readonly answered: number
  readonly aborted: number
  readonly seconds: number
  /** Resident memory after half of the requests, and at the end. */
  readonly halfwayBytes: number
  readonly finalBytes: number
  /** What went wrong, in words; empty when all is well. At most a few of a kind. */
  readonly problems: readonly string[]
}

/** Beyond the noise of garbage that has not been collected yet. */
const MEMORY_TOLERANCE_BYTES = 40 * 2 ** 20
const MAX_PROBLEMS = 10

/** Starts a target and a gateway, lets the storm pass and says what it left behind. */
export async function runAbortStorm(options: AbortOptions): Promise<AbortReport> {
  const target = await startIdTarget()
  // Listening on TCP, so neither a pipe's text nor the null of a closed server.
  const { port } = target.address() as AddressInfo
  let gateway: RunningGateway | null = null
  try {
    const env = { GW_ENGINE: options.engine, KONG_LOG_LEVEL: 'error' }
    gateway = await startGateway({ config: oneRoute(port), env })
    return await new Storm(gateway, options).run()
  } finally {
    await gateway?.stop()
    target.closeAllConnections()
    await new Promise((resolve) => target.close(resolve))
  }
}

/** Answers with the id in the path, soon or at once, in a short body or a long one: aborts then hit every stage. */
async function startIdTarget(): Promise<Server> {
  const server = createServer((request, response) => {
    const id = (request.url ?? '').slice(1)
    const number = Number(id)
    const answer = (): void => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'X-Id': id })
      response.end(number % 4 === 0 ? bodyOf(id, LONG) : bodyOf(id, SHORT))
    }
    response.on('error', () => response.destroy())
    if (number % 3 === 0) setTimeout(answer, number % 5)
    else answer()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

const SHORT = 1
const LONG = 4_000

/** The id again and again, so that a piece of another answer shows wherever it gets in. */
function bodyOf(id: string, times: number): string {
  return `${id} `.repeat(times)
}

class Storm {
  readonly #gateway: RunningGateway
  readonly #options: AbortOptions
  readonly #problems: string[] = []
  #next = 0
  #answered = 0
  #aborted = 0
  #halfwayBytes = 0

  constructor(gateway: RunningGateway, options: AbortOptions) {
    this.#gateway = gateway
    this.#options = options
  }

  async run(): Promise<AbortReport> {
    const start = performance.now()
    const end = Date.now() + this.#options.deadlineMs
    await Promise.all(Array.from({ length: this.#options.connections }, () => this.#client(end)))
    const finalBytes = this.#memory()
    this.#check(finalBytes)
    return {
      answered: this.#answered,
      aborted: this.#aborted,
      seconds: (performance.now() - start) / 1_000,
      halfwayBytes: this.#halfwayBytes,
      finalBytes,
      problems: this.#problems,
    }
  }

  /** One connection after the other, each used until it is given up. */
  async #client(end: number): Promise<void> {
    let client: HttpClient | null = null
    while (this.#next < this.#options.requests && this.#problems.length < MAX_PROBLEMS) {
      if (Date.now() > end) {
        this.#problems.push(`not done after ${this.#options.deadlineMs} ms`)
        break
      }
      const number = this.#next++
      if (number === Math.floor(this.#options.requests / 2)) this.#halfwayBytes = this.#memory()
      try {
        client ??= await HttpClient.connect(this.#gateway.proxyPort)
        if (number % this.#options.abortEvery === 0) {
          await this.#giveUp(client, number)
          client = null
        } else {
          await this.#ask(client, number)
        }
      } catch (error) {
        this.#problems.push(`request ${number}: ${String(error)}`.slice(0, 300))
        client?.close()
        client = null
      }
    }
    client?.close()
  }

  async #ask(client: HttpClient, number: number): Promise<void> {
    const id = String(number)
    const answer = await client.request('GET', `/${id}`)
    const expected = bodyOf(id, number % 4 === 0 ? LONG : SHORT)
    if (answer.status !== 200 || answer.header('x-id') !== id || answer.text !== expected) {
      throw new Error(`got ${answer.status}, X-Id ${answer.header('x-id') ?? 'none'}`)
    }
    this.#answered++
  }

  /** At once, a little later, or when the first bytes have come; some with a body that is never sent whole. */
  async #giveUp(client: HttpClient, number: number): Promise<void> {
    const stage = Math.floor(number / this.#options.abortEvery) % 4
    if (stage === 0)
      client.send(`POST /${number} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf`)
    else client.send(`GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`)
    if (stage === 1) await new Promise((resolve) => setTimeout(resolve, number % 7))
    if (stage === 2) await new Promise((resolve) => client.socket.once('data', resolve))
    if (stage === 3) client.socket.resetAndDestroy()
    client.close()
    this.#aborted++
  }

  #memory(): number {
    return this.#gateway.child.isRunning ? residentBytes(this.#gateway.child.pid) : 0
  }

  #check(finalBytes: number): void {
    if (!this.#gateway.child.isRunning) {
      this.#problems.push(`the gateway has ended: ${this.#gateway.log.slice(-500)}`)
    }
    if (finalBytes > this.#halfwayBytes + MEMORY_TOLERANCE_BYTES) {
      const grownMb = (finalBytes - this.#halfwayBytes) / 2 ** 20
      this.#problems.push(`memory has grown by ${grownMb.toFixed(0)} MB in the second half`)
    }
    const total = this.#answered + this.#aborted
    if (this.#problems.length === 0 && total !== this.#options.requests) {
      this.#problems.push(`${total} of ${this.#options.requests} requests are accounted for`)
    }
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'both' },
      requests: { type: 'string', default: '100000' },
      connections: { type: 'string', default: '256' },
    },
  })
  let problems = 0
  for (const engine of chosenEngines(values.engine)) {
    const report = await runAbortStorm({
      engine,
      requests: Number(values.requests),
      connections: Number(values.connections),
      abortEvery: 10,
      deadlineMs: 180_000,
    })
    print(engine, report)
    problems += report.problems.length
  }
  return problems === 0 ? 0 : 1
}

function print(engine: EngineKind, report: AbortReport): void {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  console.log(
    `${engine}: ${report.answered} answered, ${report.aborted} given up in ${report.seconds.toFixed(1)} s; ` +
      `memory ${megabytes(report.halfwayBytes)} MB halfway, ${megabytes(report.finalBytes)} MB at the end`,
  )
  for (const problem of report.problems) console.log(`PROBLEM ${problem}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main()
