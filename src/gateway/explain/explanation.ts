// What is found out about a request, for every format that it is told in.
import type { Place } from '../diff/difference.js'
import type { BreakerPolicy, BulkheadPolicy, RetryPolicy } from '../../plugin/policy.js'
import type { Advantage } from '../../router/compatible/ahead.js'
import type { Condition } from '../../router/explain.js'

/** An entity of the file. */
export interface Named {
  /** `route 'orders'` */
  readonly title: string
  readonly place: Place
}

export interface AskedRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  /** As the router sees it; empty for a request that does not get so far. */
  readonly path: string
  readonly host: string
  readonly secure: boolean
  readonly serverName: string
  /** Where it comes in. */
  readonly listener: { readonly address: string; readonly port: number }
  readonly clientAddress: string
}

export interface RouteShown extends Named {
  readonly id: string
  readonly name: string | null
  /** As the route has it; null without paths. */
  readonly path: string | null
  /** What of the request's path it took. */
  readonly prefix: string
  readonly captures: Readonly<Record<string, string>> | null
  readonly service: Named | null
}

export interface BehindShown extends Named {
  readonly path: string | null
  readonly advantage: Advantage
  /** Why the winner was tried before it. */
  readonly reason: string
}

export interface MissShown {
  readonly condition: Condition
  /** For a header its name. */
  readonly name: string | null
  readonly asked: readonly string[]
  /** What the request has; null for nothing. */
  readonly got: string | null
}

export interface MissedShown extends Named {
  readonly misses: readonly MissShown[]
}

export interface PluginShown extends Named {
  readonly name: string
  /** Of `route`, `service` and `consumer` those that it is bound to; `global` without. */
  readonly scope: readonly string[]
  /** Uses of the same plugin that would apply here without this one. */
  readonly overrides: readonly Named[]
  /** Uses that take its place for consumers. */
  readonly forConsumers: readonly Named[]
  /** How many more there are of these. */
  readonly moreConsumers: number
}

/** The upstream that the service's host names. */
export interface BalancingShown extends Named {
  readonly algorithm: string
  readonly targets: readonly { readonly target: string; readonly weight: number }[]
  /** How many more there are. */
  readonly moreTargets: number
}

/** What stands before the target; null where there is none. */
export interface GuardsShown {
  readonly breaker: BreakerShown | null
  readonly bulkhead: BulkheadShown | null
  /** Null where the service's `retries` count. */
  readonly retry: RetryShown | null
}

export interface BreakerShown extends Omit<BreakerPolicy, 'isEnabled' | 'failureStatuses'> {
  readonly failureStatuses: readonly number[]
  /** The plugin that says so; null for the default. */
  readonly by: Named | null
}

export interface BulkheadShown extends BulkheadPolicy {
  readonly by: Named | null
}

export interface RetryShown extends Omit<RetryPolicy, 'failures' | 'statuses' | 'methods'> {
  readonly failures: readonly string[]
  readonly statuses: readonly number[]
  readonly methods: readonly string[]
  readonly by: Named | null
}

export interface UpstreamShown {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
  /** The SNI that is sent; empty for none. */
  readonly serverName: string
  /** Whether the certificate must verify. */
  readonly verify: boolean
  readonly timeouts: {
    readonly connectMs: number
    readonly writeMs: number
    readonly readMs: number
  }
  /** How often it is tried again, at the most. */
  readonly retries: number
  readonly guards: GuardsShown
  readonly requestLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export interface AnswerShown {
  /** Of the table of errors; null for a redirect. */
  readonly code: string | null
  /** More than the client is told. */
  readonly detail: string | null
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Explanation {
  readonly file: string
  readonly request: AskedRequest
  /** `plugin`: one of the plugins answers every such request, and no target is asked. */
  readonly verdict: 'proxied' | 'plugin' | 'refused'
  readonly route: RouteShown | null
  /** That plugin. */
  readonly answeredBy: Named | null
  /** Routes that would have taken the request as well, in the order of trial. */
  readonly behind: readonly BehindShown[]
  /** Routes that it does not meet, those that came nearest first. */
  readonly missed: readonly MissedShown[]
  /** How many of either are not listed. */
  readonly more: { readonly behind: number; readonly missed: number }
  /** In the order in which they run. */
  readonly plugins: readonly PluginShown[]
  /** Plugins that only some consumers have here, with the same order. */
  readonly consumerPlugins: readonly PluginShown[]
  readonly balancing: BalancingShown | null
  /** With several targets, one that it may go to. */
  readonly upstream: UpstreamShown | null
  readonly answer: AnswerShown | null
  readonly notes: readonly string[]
}

/** 0 when a route answers, 1 when the gateway refuses; 2 is for what cannot be explained. */
export function exitCodeOf({ verdict }: Pick<Explanation, 'verdict'>): number {
  return verdict === 'refused' ? 1 : 0
}

export const NO_EXPLANATION = 2
