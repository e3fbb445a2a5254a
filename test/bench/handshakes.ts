// What a new TLS connection costs: CPU time of the server for a handshake and one request, in full and when the client
// shows a session. For information; the certificate is ECDSA on P-256, the protocol TLS 1.3 with one cipher.
//
//   node dist/test/bench/handshakes.js [--engine uws|http1|both] [--seconds 4]
import { parseArgs } from 'node:util'
import { ClientProcess } from './clients/process.js'
import type { ConnectorProtocol } from './clients/connector.js'
import { cpuTimeNs } from './cpu.js'
import { chosenEngines, startEngine } from './engines.js'
import { startProxy, startTarget } from './nginx.js'
import { keep, measuredNow, type HandshakeResult } from './results.js'
import { bareConfig } from './scenarios.js'

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    seconds: { type: 'string', default: '4' },
  },
})
const seconds = Number(options.seconds)
const WARM_UP_SECONDS = 2

interface Subject {
  readonly name: string
  readonly pid: number
  readonly port: number
  stop(): Promise<unknown>
}

await main()

async function main(): Promise<void> {
  const engines = chosenEngines(options.engine)
  const target = await startTarget()
  const config = bareConfig(target.port)
  try {
    const starts: (() => Promise<Subject>)[] = [
      async () => ({ name: 'nginx', ...(await startProxy(target.port, 'same', true)) }),
      ...engines.map((engine) => async () => {
        const gateway = await startEngine({ engine, config, isSecure: true })
        const { child, proxyPort: port } = gateway
        return { name: engine, pid: child.pid, port, stop: () => gateway.stop() }
      }),
    ]
    for (const start of starts) await measure(await start())
  } finally {
    await target.stop()
  }
}

async function measure(subject: Subject): Promise<void> {
  const client = new ClientProcess<ConnectorProtocol>('connector', [String(subject.port)])
  try {
    await client.ask({ seconds: WARM_UP_SECONDS, isResuming: false })
    for (const isResuming of [false, true]) {
      const before = cpuTimeNs(subject.pid)
      const { connections, resumed, failed } = await client.ask({ seconds, isResuming })
      if (failed > 0) throw new Error(`${failed} connections to ${subject.name} have failed`)
      const result: HandshakeResult = {
        ...measuredNow(),
        server: subject.name,
        isResuming,
        microseconds: (cpuTimeNs(subject.pid) - before) / 1_000 / connections,
        connectionsPerSecond: connections / seconds,
        resumedShare: resumed / connections,
      }
      print(result)
      keep({ handshakes: [result] })
    }
  } finally {
    await client.stop()
    await subject.stop()
  }
}

function print(result: HandshakeResult): void {
  console.log(
    `${result.server}: ${result.microseconds.toFixed(0)} µs for a new TLS connection with a request` +
      (result.isResuming ? ` that shows a session (${percent(result.resumedShare)} resumed)` : '') +
      `, ${result.connectionsPerSecond.toFixed(0)}/s`,
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
