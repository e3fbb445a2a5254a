// Sends the probes of all upstreams, from one thread of the node. Never many at once, however many are due.
import { Sweep } from '../../util/sweep.js'
import { Probe } from './probe.js'
import type { ProbeWorld, UpstreamProbes } from './upstream-probes.js'

/** Kong's. */
const TICK_MS = 100
const SWEEP_MS = 50
/** So that the thread has time for others: at some 0.1 ms each. */
const MOST_PER_TICK = 100
/** Each takes a file descriptor. */
const MOST_RUNNING = 1000

export class Prober {
  readonly #world: ProbeWorld
  #upstreams: readonly UpstreamProbes[] = []
  #timer: NodeJS.Timeout | null = null
  /** The upstream to begin with, so that none is always the last. */
  #next = 0

  constructor(world: ProbeWorld = realWorld()) {
    this.#world = world
  }

  /** Probes these from now on. Those that it has probed before go on as they were, the others end. */
  retain(upstreams: readonly UpstreamProbes[]): void {
    const kept = new Set(upstreams)
    for (const old of this.#upstreams) if (!kept.has(old)) old.close()
    this.#upstreams = upstreams
    if (upstreams.length === 0) {
      if (this.#timer !== null) clearInterval(this.#timer)
      this.#timer = null
    } else {
      this.#timer ??= setInterval(() => this.tick(), TICK_MS).unref()
    }
  }

  close(): void {
    this.retain([])
  }

  /** Starts what is due. */
  tick(): void {
    const upstreams = this.#upstreams
    const running = upstreams.reduce((sum, each) => sum + each.running, 0)
    let room = Math.min(MOST_PER_TICK, MOST_RUNNING - running)
    const first = this.#next++
    for (let i = 0; i < upstreams.length && room > 0; i++) {
      const upstream = upstreams[(first + i) % upstreams.length]
      room -= upstream?.startDue(room, this.#world) ?? 0
    }
  }
}

function realWorld(): ProbeWorld {
  const sweep = new Sweep(SWEEP_MS)
  return {
    now: () => performance.now(),
    random: () => Math.random(),
    start: (ip, port, plan, end) => new Probe(ip, port, plan, sweep, end),
  }
}
