// The probes of one upstream: which of its addresses are due, and what a probe of each is.
import { isIP } from 'node:net'
import { hostWithoutPort } from '../../util/host.js'
import type { CheckedPeer } from './checked-peer.js'
import { activeJudge, type Healthchecks, type Judge } from './health-rules.js'
import type { ProbeEnd, ProbePlan, ProbeResult, ProbeTls } from './probe.js'
import { probeRequest } from './probe-request.js'

/** OpenResty's default, which stands in for 0. */
const DEFAULT_TIMEOUT_MS = 60_000

export interface ProbedUpstream {
  readonly healthchecks: Healthchecks
  readonly host_header: string | null
}

/** Where an address stands in its upstream's rhythm. */
interface Turn {
  readonly peer: CheckedPeer
  /** Milliseconds; the last probe, or what stands in for it. */
  lastAt: number
  wasUp: boolean
  running: RunningProbe | null
}

export interface RunningProbe {
  abort(): void
}

/** What probes need of the world; tests have their own. */
export interface ProbeWorld {
  /** Milliseconds, of a clock that nobody sets. */
  now(): number
  /** From 0 to 1. */
  random(): number
  /** `end` is called once, later than this returns. */
  start(ip: string, port: number, plan: ProbePlan, end: ProbeEnd): RunningProbe
}

export class UpstreamProbes {
  readonly #active: Healthchecks['active']
  readonly #hostHeader: string | null
  readonly #judge: Judge
  readonly #tls: ProbeTls | null
  readonly #peers: () => readonly CheckedPeer[]
  readonly #turns = new Map<CheckedPeer, Turn>()
  #known: readonly CheckedPeer[] = []
  #running = 0
  #isClosed = false

  /**
   * @param tls for probes by https
   * @param peers whom to probe now; the same list until that changes, and the same objects in it for those that stay
   */
  constructor(
    { healthchecks, host_header }: ProbedUpstream,
    tls: ProbeTls | null,
    peers: () => readonly CheckedPeer[],
  ) {
    this.#active = healthchecks.active
    this.#hostHeader = host_header
    this.#judge = activeJudge(healthchecks)
    this.#tls = healthchecks.active.type === 'https' ? tls : null
    this.#peers = peers
  }

  /** Those under way. */
  get running(): number {
    return this.#running
  }

  /** Starts what is due, at most so many. Returns how many that were. */
  startDue(most: number, world: ProbeWorld): number {
    this.#follow(world)
    const room = Math.min(most, this.#active.concurrency - this.#running)
    if (room <= 0) return 0
    const now = world.now()
    let started = 0
    for (const turn of this.#turns.values()) {
      if (!this.#isDue(turn, now)) continue
      this.#start(turn, world)
      if (++started === room) break
    }
    return started
  }

  close(): void {
    this.#isClosed = true
    for (const turn of this.#turns.values()) this.#drop(turn)
  }

  /** Those that come begin somewhere in their interval, so that not all are probed at once. */
  #follow(world: ProbeWorld): void {
    const peers = this.#peers()
    if (peers === this.#known) return
    this.#known = peers
    const wanted = new Set(peers)
    for (const [peer, turn] of this.#turns) if (!wanted.has(peer)) this.#drop(turn)
    for (const peer of wanted) {
      if (this.#turns.has(peer)) continue
      const wasUp = peer.isUp
      const lastAt = world.now() - world.random() * this.#intervalOf(wasUp)
      this.#turns.set(peer, { peer, lastAt, wasUp, running: null })
    }
  }

  #isDue(turn: Turn, now: number): boolean {
    const { isUp } = turn.peer
    if (isUp !== turn.wasUp) {
      // From one rhythm into the other.
      turn.wasUp = isUp
      turn.lastAt = now
    }
    const interval = this.#intervalOf(isUp)
    if (interval === 0 || turn.running !== null || now - turn.lastAt < interval) return false
    // On time in the long run; but what was missed is not made up for.
    turn.lastAt = Math.max(turn.lastAt + interval, now - interval)
    return true
  }

  #intervalOf(isUp: boolean): number {
    const { healthy, unhealthy } = this.#active
    return (isUp ? healthy : unhealthy).interval * 1000
  }

  #start(turn: Turn, world: ProbeWorld): void {
    const { peer } = turn
    const { ip, port } = peer.name
    this.#running++
    turn.running = world.start(ip, port, this.#planFor(peer), (result, status) => {
      turn.running = null
      this.#running--
      this.#judged(peer, result, status)
    })
  }

  #planFor({ name: { ip, host } }: CheckedPeer): ProbePlan {
    const { type, timeout, https_sni } = this.#active
    const hostHeader = this.#hostHeader ?? (isIP(host) === 6 ? `[${host}]` : host)
    return {
      timeoutMs: timeout === 0 ? DEFAULT_TIMEOUT_MS : timeout * 1000,
      request: type === 'tcp' ? null : probeRequest(this.#active, hostHeader),
      tls: this.#tls,
      serverName: https_sni ?? nameIn(hostHeader, ip),
    }
  }

  #judged(peer: CheckedPeer, result: ProbeResult, status: number): void {
    if (this.#isClosed || result === 'unsent') return
    const event = result === 'answer' ? this.#judge.eventOf(status) : result
    if (event !== null) peer.onProbe(event, status, this.#judge)
  }

  #drop(turn: Turn): void {
    if (turn.running !== null) {
      turn.running.abort()
      this.#running--
    }
    this.#turns.delete(turn.peer)
  }
}

/** A name with a port cannot be one that a certificate is for. */
function nameIn(hostHeader: string, ip: string): string {
  const host = hostWithoutPort(hostHeader)
  return host.startsWith('[') ? ip : host
}
