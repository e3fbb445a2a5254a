// Why a request goes where it goes: what the gateway's own parts say of it, put together with the places in the file.
import type { LoadedConfig } from '../../config/index.js'
import type { Consumer, PluginEntry } from '../../model/entities.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { RouteQuestion } from '../../router/contract.js'
import { explainRouting, type Routing } from '../../router/explain.js'
import { Side } from '../diff/side.js'
import type { Settings } from '../settings.js'
import { balancingShown } from './balancing.js'
import { dryRun, questionFor, type DryRun } from './dry-run.js'
import type { AskedRequest, Explanation } from './explanation.js'
import { guardsShown } from './guards.js'
import { notesOn } from './notes.js'
import { answerShown, upstreamShown } from './outcome.js'
import { consumerPluginsOf, planFor, pluginsOf, terminationOf } from './plugins.js'
import type { RawRequest } from './request.js'
import { behindShown, missedShown, namedIn, routeShown } from './routes.js'
import { consumerNamed, runnableOf } from './runnable.js'

/** How many routes of each kind are listed: those that came nearest say the most. */
const MAX_ROUTES = 10

export interface ExplainOptions {
  readonly file: string
  readonly config: LoadedConfig
  readonly plugins: PluginRegistry
  readonly settings: Settings
  /** Username, custom_id or id of the consumer that plugins are shown for. */
  readonly consumer?: string | undefined
}

/** @throws Error for a consumer that the file does not have */
export function explain(request: RawRequest, options: ExplainOptions): Explanation {
  const { file, config, plugins, settings } = options
  const side = new Side(file, config, plugins)
  const consumer = consumerOf(options, side)
  const runnable = runnableOf(side, plugins)
  const run = dryRun(runnable, request, settings)
  const question = questionFor(run, request, settings)
  const routing = routingOf(run, explainRouting(runnable.served, question))
  const { compiledRoute } = run.journey
  const plan = compiledRoute === null ? run.journey.plan : planFor(compiledRoute, consumer)
  const named = (entry: PluginEntry) => namedIn(side, 'plugins', entry)
  const asked = { compiledRoute, plan, consumer, steps: runnable.steps, named }
  const termination = terminationOf(plan, side)
  const verdict = verdictOf(run, termination !== null)
  return {
    file,
    request: askedOf(run, question),
    verdict,
    answeredBy: verdict === 'plugin' && termination !== null ? named(termination) : null,
    route: routing.winner === null ? null : routeShown(routing.winner, side),
    behind: routing.behind.slice(0, MAX_ROUTES).map((one) => behindShown(one, side)),
    missed: routing.missed.slice(0, MAX_ROUTES).map((one) => missedShown(one, question, side)),
    more: {
      behind: Math.max(0, routing.behind.length - MAX_ROUTES),
      missed: Math.max(0, routing.missed.length - MAX_ROUTES),
    },
    plugins: pluginsOf(asked),
    consumerPlugins: consumerPluginsOf(asked),
    balancing: balancingShown(run, config.snapshot, side),
    upstream: upstreamShown(run, guardsShown(compiledRoute, settings, named)),
    answer: answerShown(run),
    notes: [...request.notes, ...notesOn({ run, routing, side, runnable, plan, consumer })],
  }
}

function consumerOf({ consumer: name, file }: ExplainOptions, side: Side): Consumer | null {
  if (name === undefined) return null
  const consumer = consumerNamed(name, side)
  if (consumer === undefined) throw new Error(`${file} has no consumer '${name}'`)
  return consumer
}

/** What is no request is not routed. */
function routingOf({ exchange, journey }: DryRun, routing: Routing): Routing {
  if (exchange.fault !== null) return { winner: null, behind: [], missed: [] }
  if (routing.winner?.route !== journey.match?.route) {
    throw new TypeError('the router and its explanation name different routes')
  }
  return routing
}

/** What stands in the way only once a target is looked for. */
const WITHOUT_TARGET: ReadonlySet<string> = new Set(['NO_SERVICE', 'NO_PEER', 'UPSTREAM_PROTOCOL'])

/** A plugin that answers everything is asked before anybody looks for a service. */
function verdictOf({ answer }: DryRun, isTerminated: boolean): Explanation['verdict'] {
  const isLate = answer === null || (answer.code !== null && WITHOUT_TARGET.has(answer.code))
  if (isTerminated && isLate) return 'plugin'
  return answer === null ? 'proxied' : 'refused'
}

function askedOf({ exchange }: DryRun, { path }: RouteQuestion): AskedRequest {
  const { method, target, host, serverName, peerAddress } = exchange
  const { address, port, secure } = exchange.listener
  return {
    ...{ method, target, path, host, secure, serverName },
    listener: { address, port },
    clientAddress: peerAddress,
  }
}
