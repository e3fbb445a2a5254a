// What a balancer asks of health checks about one address, and what it tells them.

export interface PeerHealth {
  /** HOT PATH. False: no request goes there. */
  readonly isUp: boolean
  /** A request has been answered with this status by the address itself. */
  onStatus(status: number): void
  /** A try has failed: `tcp` when there was no connection or it broke, `timeout` when there was no answer in time. */
  onFailure(kind: 'tcp' | 'timeout'): void
}

/** For upstreams without health checks, and for addresses of plain services. */
export const ALWAYS_UP: PeerHealth = Object.freeze({
  isUp: true,
  onStatus: () => undefined,
  onFailure: () => undefined,
})
