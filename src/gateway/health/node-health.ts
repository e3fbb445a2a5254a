// The health checks of a node, on its main thread: sends the probes, which no worker can hold up, and knows how things
// stand for the Admin API. What workers see of their requests meets it in the table that all threads share.
import { hash } from 'node:crypto'
import type { LoadedConfig } from '../../config/index.js'
import type { Logger } from '../../log/logger.js'
import type { Target, Upstream } from '../../model/entities.js'
import type { TargetTls } from '../../pipeline/target-tls.js'
import { groupTargets } from '../../upstream/balancers.js'
import type { DnsClient } from '../../upstream/dns/contract.js'
import { HealthChecks } from '../../upstream/health/health-checks.js'
import { hasProbes, isChecked, isServable } from '../../upstream/health/health-rules.js'
import type { HealthTable } from '../../upstream/health/health-table.js'
import { Prober } from '../../upstream/health/prober.js'
import { TlsTerms, type ClientCertificate } from '../../proxy/tls-terms.js'
import { UpstreamProbes } from '../../upstream/health/upstream-probes.js'
import { runWhole } from '../../util/slices.js'
import { monotonicMs } from '../worker/board.js'
import { within } from '../worker/patience.js'
import type { ProbeTrust } from './probe-trust.js'
import { WatchedUpstream } from './watched-upstream.js'

/** As the balancers of the workers do. */
const REFRESH_MS = 500
const FORGET_MS = 60_000
/** Who asks how things stand is not kept waiting for a resolver. */
const SETTLE_MS = 2_000

/** What probes may show, and whom they trust. */
export interface ProbeIdentity extends Pick<TargetTls, 'client' | 'clientsById'> {
  readonly trust: ProbeTrust
}

interface Watched {
  /** Equal for upstreams that are checked in the same way. */
  readonly print: string
  readonly upstream: WatchedUpstream
  readonly probes: UpstreamProbes | null
}

export interface NodeHealthParts {
  readonly table: HealthTable
  readonly dns: DnsClient
  readonly log: Logger
}

export class NodeHealth {
  readonly #checks: HealthChecks
  readonly #dns: DnsClient
  readonly #log: Logger
  readonly #prober = new Prober()
  readonly #timers: readonly NodeJS.Timeout[]
  /** By name: ids may be new in each file. */
  #watched: ReadonlyMap<string, Watched> = new Map()
  #namesById: ReadonlyMap<string, string> = new Map()

  constructor({ table, dns, log }: NodeHealthParts) {
    this.#checks = new HealthChecks(table, log, monotonicMs)
    this.#dns = dns
    this.#log = log
    this.#timers = [
      setInterval(() => this.#refresh(), REFRESH_MS).unref(),
      setInterval(() => this.#checks.forgetOld(), FORGET_MS).unref(),
    ]
  }

  /** A configuration serves from now on. What has not changed in it is probed as before. */
  use({ snapshot }: Pick<LoadedConfig, 'snapshot'>, tls: ProbeIdentity): void {
    const targetsOf = runWhole(groupTargets(snapshot.targets))
    const watched = new Map<string, Watched>()
    const terms = new ProbeTerms(tls.trust)
    for (const upstream of snapshot.upstreams) {
      const targets = targetsOf.get(upstream) ?? []
      watched.set(upstream.name, this.#watch(upstream, targets, tls, terms))
    }
    this.#watched = watched
    this.#namesById = new Map(snapshot.upstreams.map(({ id, name }) => [id, name]))
    this.#prober.retain(Array.from(watched.values(), ({ probes }) => probes ?? []).flat())
  }

  /** By id of the upstream. */
  find(id: string): WatchedUpstream | null {
    return this.#watched.get(this.#namesById.get(id) ?? '')?.upstream ?? null
  }

  /** Waits until the names of its targets have been answered, if not for ever. */
  async settle(id: string): Promise<void> {
    const upstream = this.find(id)
    if (upstream !== null) await within(SETTLE_MS, upstream.settle())
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.#prober.close()
    this.#checks.close()
    this.#dns.close()
  }

  #watch(
    upstream: Upstream,
    targets: readonly Target[],
    tls: ProbeIdentity,
    terms: ProbeTerms,
  ): Watched {
    const { name, healthchecks, host_header, client_certificate } = upstream
    const shown =
      client_certificate === null ? tls.client : tls.clientsById.get(client_certificate.id)
    const asked = terms.of(upstream, shown ?? null)
    const print = hash('sha256', JSON.stringify([healthchecks, host_header, asked?.key]), 'base64')
    const before = this.#watched.get(name)
    if (before?.print === print) {
      before.upstream.follow(targets)
      return before
    }
    const health = this.#checks.of(upstream)
    const watched = new WatchedUpstream(name, targets, health, this.#dns)
    if (isChecked(healthchecks) && !isServable(healthchecks)) this.#saySkipped(upstream)
    const isProbed = health.isOn && hasProbes(healthchecks)
    const probes = isProbed ? new UpstreamProbes(upstream, asked, () => watched.checked) : null
    return { print, upstream: watched, probes }
  }

  #refresh(): void {
    for (const { upstream, probes } of this.#watched.values()) {
      if (probes !== null) upstream.refresh()
    }
  }

  #saySkipped({ name, healthchecks }: Upstream): void {
    this.#log.error(
      `upstream '${name}' has no health checks: as in Kong, nothing can send probes of type ` +
        `${healthchecks.active.type}; http, https and tcp can be sent`,
    )
  }
}

/** The terms of TLS; upstreams that ask for the same share them, since the authorities of a system are many. */
class ProbeTerms {
  readonly #trust: ProbeTrust
  readonly #made = new Map<string, TlsTerms>()

  constructor(trust: ProbeTrust) {
    this.#trust = trust
  }

  /** Null where no probe speaks TLS. */
  of({ healthchecks: { active } }: Upstream, client: ClientCertificate | null): TlsTerms | null {
    if (active.type !== 'https') return null
    const verify = active.https_verify_certificate
    const key = JSON.stringify([verify, client?.cert, client?.key])
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const terms = new TlsTerms({ ...this.#trust, verify, client })
    this.#made.set(key, terms)
    return terms
  }
}
