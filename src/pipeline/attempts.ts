// The tries of one request at the peers behind a name: which one is next, and what the balancer hears of it.
import type { ErrorCode } from '../errors/codes.js'
import { ERRORS } from '../errors/codes.js'
import type { ResponseHead } from '../model/response-head.js'
import type { RequestContext as PluginView } from '../plugin/contract.js'
import type { Origin, Tries, Try } from '../proxy/transport.js'
import { withCookie, type HashCookie } from '../upstream/hash-key.js'
import type { Peer } from '../upstream/peer.js'
import type { TryLog } from './try-log.js'
import { originFor, type PeerOrigins } from './service-target.js'

const NONE: readonly Peer[] = []
const GATEWAY_TIMEOUT = 504

/** Whose request it is. */
export interface Requester extends PluginView {
  /** The head for a target that is sent this Host. */
  requestHead(host: string): string
}

export class Attempts implements Tries {
  /** Of the present try; null before the first one. */
  origin: Origin | null = null
  /** The Host of the present try. */
  host: string
  readonly #peers: PeerOrigins
  readonly #requester: Requester
  readonly #givenHost: string
  readonly #log: TryLog | null
  #key = ''
  #cookie: HashCookie | null = null
  #peer: Peer | null = null
  #tried: readonly Peer[] = NONE

  /**
   * @param givenHost the Host for whatever peer; empty for each peer's own
   * @param log null where nobody asks for it
   */
  constructor(peers: PeerOrigins, requester: Requester, givenHost: string, log: TryLog | null) {
    this.#peers = peers
    this.#requester = requester
    this.#givenHost = givenHost
    this.#log = log
    this.host = givenHost
  }

  /** HOT PATH. Chooses the first peer; false when none is there. */
  start(): boolean {
    const { hashKey } = this.#peers
    if (hashKey !== null) {
      const { value, cookie } = hashKey(this.#requester)
      this.#key = value
      this.#cookie = cookie
    }
    return this.#pick()
  }

  /** HOT PATH. The client that had no cookie to hash by is given one with the target's answer. */
  addCookie(head: ResponseHead): void {
    if (this.#cookie === null) return
    head.headers.set('Set-Cookie', withCookie(head.headers.getAll('set-cookie'), this.#cookie))
  }

  /** See Balancer. */
  wait(): Promise<void> | null {
    return this.#peers.balancer.wait()
  }

  next(failed: ErrorCode | number): Try | null {
    const peer = this.#peer
    if (peer !== null) {
      this.#tried = [...this.#tried, peer]
      this.#peers.balancer.release(peer, -1)
      this.#peer = null
      this.#log?.failed(failed)
      if (typeof failed === 'number') peer.health.onStatus(failed)
      else peer.health.onFailure(ERRORS[failed].status === GATEWAY_TIMEOUT ? 'timeout' : 'tcp')
    }
    if (!this.#pick() || this.origin === null) return null
    return { origin: this.origin, head: this.#requester.requestHead(this.host) }
  }

  /**
   * The request is over. Kong judges its last try by the status alone, even where there was no connection.
   * @param status of the target's answer, or that which stood in for it; 0 when it was not waited for
   * @param latencyMs to the answer's head; -1 for none
   */
  finish(status: number, latencyMs: number): void {
    const peer = this.#peer
    if (peer === null) return
    this.#peer = null
    this.#peers.balancer.release(peer, latencyMs)
    if (status === GATEWAY_TIMEOUT) peer.health.onFailure('timeout')
    else if (status > 0) peer.health.onStatus(status)
  }

  /** HOT PATH. */
  #pick(): boolean {
    const startedAt = this.#log === null ? 0 : performance.now()
    const peer = this.#peers.balancer.pick(this.#tried, this.#key)
    this.#peer = peer
    if (peer === null) return false
    const { origin, hostHeader } = this.#peers.of(peer)
    this.host = this.#givenHost || hostHeader
    this.origin = originFor(origin, hostHeader, this.host)
    this.#log?.begin(this.origin.target, startedAt)
    return true
  }
}
