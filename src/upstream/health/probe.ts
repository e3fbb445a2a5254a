// One probe: a connection of its own to one address, and what comes of it.
import { connect, isIP, type Socket } from 'node:net'
import {
  connect as connectTls,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls'
import { isOwnLimit } from '../../util/own-limits.js'
import { NEVER, type Sweep, type Timed } from '../../util/sweep.js'
import type { HealthEvent } from './peer-state.js'
import { MAX_STATUS_LINE, statusOf } from './probe-request.js'

/** Whom to trust, and what to show in return. */
export interface ProbeTls {
  readonly verify: boolean
  /** Made at the first use. */
  secureContext(): SecureContext
  /** What is wrong with a certificate that verifies as such. */
  faultOf(name: string, certificate: DetailedPeerCertificate): Error | undefined
}

export interface ProbePlan {
  /** For each of connecting, securing, and the answer. */
  readonly timeoutMs: number
  /** Null: to connect is enough. */
  readonly request: string | null
  readonly tls: ProbeTls | null
  /** What the certificate has to be for; a name is sent as SNI. */
  readonly serverName: string
}

/**
 * `answer`: the status says what it is worth; 0 for one that is not HTTP. `unsent`: this process has run out of sockets,
 * which must not take the targets out of service.
 */
export type ProbeResult = Exclude<HealthEvent, 'http'> | 'answer' | 'unsent'
export type ProbeEnd = (result: ProbeResult, status: number) => void

export class Probe implements Timed {
  deadline = NEVER
  slot = -1
  readonly #plan: ProbePlan
  readonly #sweep: Sweep
  readonly #end: ProbeEnd
  readonly #socket: Socket
  #line = ''
  #isOver = false

  /**
   * Never fails: whatever goes wrong is a result, told exactly once, and later than this returns.
   * @param sweep whose deadlines do not pass while this process stands still: a busy gateway is not the target's fault
   */
  constructor(ip: string, port: number, plan: ProbePlan, sweep: Sweep, end: ProbeEnd) {
    this.#plan = plan
    this.#sweep = sweep
    this.#end = end
    this.#socket = open(ip, port, plan)
    this.#wait()
    sweep.add(this)
    this.#socket
      .once('connect', () => this.#wait())
      .once(plan.tls === null ? 'connect' : 'secureConnect', () => this.#ask())
      .on('data', (chunk: Buffer) => this.#read(chunk))
      .on('error', (error) => this.#finish(resultOf(error)))
      // Without a status line there is no answer, even where the connection ends as it should.
      .on('end', () => this.#finish('tcp'))
      .on('close', () => this.#finish('tcp'))
  }

  onDeadline(): void {
    this.#finish('timeout')
  }

  /** Gives it up: nothing is told. */
  abort(): void {
    this.#isOver = true
    this.#sweep.remove(this)
    this.#socket.destroy()
  }

  #wait(): void {
    this.deadline = this.#sweep.after(this.#plan.timeoutMs)
  }

  #ask(): void {
    const { request } = this.#plan
    if (request === null) {
      this.#finish('success')
      return
    }
    this.#wait()
    this.#socket.write(request)
  }

  /** The status line, and no more: the whole answer may be long. */
  #read(chunk: Buffer): void {
    this.#line += chunk.toString('latin1', 0, MAX_STATUS_LINE)
    const end = this.#line.indexOf('\n')
    if (end >= 0) this.#finish('answer', statusOf(this.#line.slice(0, end)))
    else if (this.#line.length >= MAX_STATUS_LINE) this.#finish('answer')
  }

  #finish(result: ProbeResult, status = 0): void {
    if (this.#isOver) return
    this.abort()
    this.#end(result, status)
  }
}

function resultOf(error: NodeJS.ErrnoException): ProbeResult {
  if (isOwnLimit(error)) return 'unsent'
  return error.code === 'ETIMEDOUT' ? 'timeout' : 'tcp'
}

function open(ip: string, port: number, { tls, serverName }: ProbePlan): Socket {
  if (tls === null) return connect({ host: ip, port, noDelay: true })
  return connectTls({
    host: ip,
    port,
    secureContext: tls.secureContext(),
    rejectUnauthorized: tls.verify,
    // An address is no server name (RFC 6066, 3).
    ...(isIP(serverName) === 0 && { servername: serverName }),
    // It comes with its chain, which the types do not know.
    checkServerIdentity: (_, certificate: PeerCertificate) =>
      tls.verify ? tls.faultOf(serverName, certificate as DetailedPeerCertificate) : undefined,
  })
}
