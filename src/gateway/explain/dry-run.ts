// Sends a request through the gateway's own parser, router, plans and pipeline, with plugins that do nothing and targets
// that nobody connects to: what would leave is kept instead.
import type { ErrorCode } from '../../errors/codes.js'
import type { GatewayError } from '../../errors/gateway-error.js'
import { createLogger } from '../../log/logger.js'
import type { Route } from '../../model/entities.js'
import { compile, type CompiledConfig } from '../../pipeline/compiled.js'
import { Journey } from '../../pipeline/journey.js'
import type { Step } from '../../pipeline/plan.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Origin, Target, Transport, UpstreamCall } from '../../proxy/transport.js'
import type { RouteQuestion } from '../../router/contract.js'
import { createRouter } from '../../router/index.js'
import { Http1Exchange, type ExchangeHome } from '../../server/http1/exchange.js'
import { RequestParser } from '../../server/http1/request-parser.js'
import { DEFAULT_SETTINGS } from '../../server/settings.js'
import { Balancers, type BalancerParts } from '../../upstream/balancers.js'
import type { DnsClient } from '../../upstream/dns/contract.js'
import { runWhole } from '../../util/slices.js'
import { pipelineSettings } from '../pipeline-settings.js'
import type { Settings } from '../settings.js'
import type { RawRequest } from './request.js'

/** What the gateway would send to a target. */
export interface DryCall {
  readonly target: Target
  readonly call: UpstreamCall
}

/** What it would send to the client, as text: the head with its empty line, and the body. */
export interface DryAnswer {
  readonly code: ErrorCode | null
  readonly detail: string | null
  readonly head: string
  readonly body: string
}

export interface DryRun {
  readonly journey: Journey
  readonly exchange: Http1Exchange
  readonly call: DryCall | null
  readonly answer: DryAnswer | null
  /** Why the bytes are no request that can be served; empty for one that is. */
  readonly fault: string
}

/** What the router is asked. The run itself takes fields away that Connection names, so this is made anew. */
export function questionFor(
  { journey, exchange }: DryRun,
  request: RawRequest,
  settings: Settings,
): RouteQuestion {
  return {
    method: exchange.method,
    host: exchange.host,
    path: journey.path,
    headers: parse(request, settings).headers,
    port: exchange.listener.port,
    secure: exchange.listener.secure,
    serverName: exchange.serverName,
    origin: journey,
  }
}

/** What there is to run: the routes that are served, and the plugins that do. */
export interface DryConfig {
  readonly snapshot: Snapshot
  readonly served: readonly Route[]
  readonly steps: readonly Step[]
}

export function dryRun(config: DryConfig, request: RawRequest, settings: Settings): DryRun {
  const calls: DryCall[] = []
  const sent: { head: string; body: string }[] = []
  const parser = parse(request, settings)
  const exchange = new Http1Exchange(homeOf(sent), parser, {
    listener: request.listener,
    address: request.clientAddress,
    announcedAddress: '',
    serverName: request.serverName,
  })
  // uWebSockets.js hands names over in lower case.
  if (request.engine === 'uws') exchange.headers.unfold()
  const silent = createLogger('emerg')
  const compiled = compileFor(config, calls, settings)
  const pipeline = pipelineSettings(settings, silent)
  const journey = new DryJourney(exchange, compiled, pipeline)
  journey.start()
  const [call = null] = calls
  const [answer] = sent
  return {
    journey,
    exchange,
    call,
    answer: answer === undefined ? null : { code: journey.code, detail: journey.detail, ...answer },
    fault: parser.reason,
  }
}

/** Knows which fault has ended it. */
class DryJourney extends Journey {
  code: ErrorCode | null = null
  detail: string | null = null

  override fail(error: GatewayError, headers?: Readonly<Record<string, string>>): void {
    this.code ??= error.code
    this.detail ??= error.detail ?? null
    super.fail(error, headers)
  }
}

function parse({ head }: RawRequest, { engineSettings }: Settings): RequestParser {
  const parser = new RequestParser({ ...DEFAULT_SETTINGS, ...engineSettings })
  const bytes = Buffer.from(head)
  parser.begin()
  parser.execute(bytes, 0, bytes.length)
  return parser
}

function compileFor(
  { snapshot, served, steps }: DryConfig,
  calls: DryCall[],
  { routerFlavour: flavour, targetTls, buffers }: Settings,
): CompiledConfig {
  const router = createRouter(served, { flavour })
  // Nobody is connected to: no certificate is read, and none is shown.
  const { verify, depth } = targetTls
  const none = { authorities: [], client: null, authoritiesById: new Map(), clientsById: new Map() }
  const tls = { verify, depth, ...none }
  const balancers = runWhole(new Balancers(DRY).make(snapshot))
  return runWhole(
    compile(snapshot, steps, router, {
      transport: transportInto(calls),
      balancers,
      resilience: null,
      tls,
      // No body ever comes, so none is waited for.
      buffers: { ...buffers, requestBytes: 0 },
    }),
  )
}

/** Nobody is asked: each name stands for itself. */
const UNASKED: DnsClient = {
  open(name) {
    const addresses = [{ ip: name, port: 0, weight: 1 }]
    const answer = { type: 'A', addresses, ttlMs: Infinity } as const
    return { answer, resolve: () => Promise.resolve(answer) }
  },
  close: () => undefined,
}

/** Always the first target: what is told of a request is the same each time. */
const DRY: BalancerParts = { dns: UNASKED, health: null, random: () => 0 }

function transportInto(calls: DryCall[]): Transport {
  const nothing = (): void => undefined
  const origin = (target: Target): Origin => ({
    target,
    connect() {
      throw new TypeError('nobody is connected to')
    },
    named: (serverName) => origin({ ...target, serverName }),
    send(call) {
      calls.push({ target, call })
      return { pause: nothing, resume: nothing, abort: nothing }
    },
  })
  return {
    origin,
    retain: nothing,
    close: nothing,
  }
}

function homeOf(sent: { head: string; body: string }[]): ExchangeHome {
  const nothing = (): void => undefined
  return {
    remaining: 0,
    isLast: false,
    send(head, body) {
      sent.push({ head, body: body === null ? '' : Buffer.from(body).toString() })
      return true
    },
    sendChunk: () => true,
    sendContinue: nothing,
    pauseReading: nothing,
    resumeReading: nothing,
    answered: nothing,
    cut: nothing,
    tunnel() {
      throw new TypeError('no target has agreed to anything')
    },
    report(error) {
      throw error
    },
  }
}
