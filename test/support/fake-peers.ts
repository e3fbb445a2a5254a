// Peers and names in memory, for the tests of balancers.
import type { DnsAddress, DnsAnswer, DnsClient, DnsName } from '../../src/upstream/dns/contract.js'
import { ALWAYS_UP, type PeerHealth } from '../../src/upstream/peer-health.js'
import { Peer } from '../../src/upstream/peer.js'

export class FakeHealth implements PeerHealth {
  isUp = true
  readonly heard: (number | 'tcp' | 'timeout')[] = []

  onStatus(status: number): void {
    this.heard.push(status)
  }

  onFailure(kind: 'tcp' | 'timeout'): void {
    this.heard.push(kind)
  }
}

/** One for each weight, at 10.0.0.1 and the addresses that follow. */
export function fakePeers(weights: readonly number[], healths: readonly PeerHealth[] = []): Peer[] {
  return weights.map((weight, index) => {
    const ip = `10.0.${index >> 8}.${(index & 255) + 1}`
    return new Peer({ name: ip, ip, port: 80, weight }, healths[index] ?? ALWAYS_UP)
  })
}

/** Knows what it is told. */
export class FakeDns implements DnsClient {
  readonly opened: string[] = []
  readonly #answers = new Map<string, DnsAnswer | Error>()
  readonly #waiting = new Map<string, PromiseWithResolvers<DnsAnswer>>()

  open(name: string): DnsName {
    this.opened.push(name)
    const answerOf = (): DnsAnswer | null => {
      const known = this.#answers.get(name)
      return known === undefined || known instanceof Error ? null : known
    }
    return {
      get answer() {
        return answerOf()
      },
      resolve: () => this.#resolve(name),
    }
  }

  /** From now on, and for those who wait. */
  set(
    name: string,
    addresses: readonly (string | DnsAddress)[],
    type: DnsAnswer['type'] = 'A',
  ): void {
    const full = addresses.map((one) =>
      typeof one === 'string' ? { ip: one, port: 0, weight: 1 } : one,
    )
    const answer = { type, addresses: full, ttlMs: 1000 }
    this.#answers.set(name, answer)
    this.#waiting.get(name)?.resolve(answer)
    this.#waiting.delete(name)
  }

  fail(name: string, error: Error): void {
    this.#answers.set(name, error)
    this.#waiting.get(name)?.reject(error)
    this.#waiting.delete(name)
  }

  close(): void {
    this.#answers.clear()
  }

  #resolve(name: string): Promise<DnsAnswer> {
    const known = this.#answers.get(name)
    if (known instanceof Error) return Promise.reject(known)
    if (known !== undefined) return Promise.resolve(known)
    const waiting = this.#waiting.get(name) ?? withResolvers()
    this.#waiting.set(name, waiting)
    return waiting.promise
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** Node.js has its own from version 22 on. */
function withResolvers(): PromiseWithResolvers<DnsAnswer> {
  let resolve: (value: DnsAnswer) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<DnsAnswer>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
