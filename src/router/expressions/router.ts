// Flavour expressions: routes by their expression, the higher priority first; behind them those that are written in the
// classic way, as in compatible/.
//
// A route is filed by the hosts and the beginnings of paths that its expression cannot do without; one that has none is
// looked at for every request.
import type { Route } from '../../model/entities.js'
import { parseExpression } from '../../util/expression/parser.js'
import type { Sliced } from '../../util/slices.js'
import { portColon } from '../compatible/name-pattern.js'
import { PathTree } from '../compatible/path-tree.js'
import { buildCompatibleRouter, isRoutable } from '../compatible/router.js'
import { toCaptures } from '../compatible/search.js'
import type { PathHandling, RouteMatch, RouteQuestion, Router } from '../contract.js'
import type { UriCaptures } from '../../plugin/contract.js'
import { anchorsOf, type Anchors } from './anchors.js'
import { compileExpression, type Findings, type Test } from './evaluate.js'

/** @throws ExpressionError for an expression that cannot be used; the configuration's check has refused those before */
export function* buildExpressionsRouter(routes: readonly Route[]): Sliced<Router> {
  const classic = yield* buildCompatibleRouter(routes.filter((route) => !hasExpression(route)))
  const table = new ExpressionTable()
  const ranked = routes.filter((route) => hasExpression(route) && isRoutable(route)).sort(compare)
  for (const [order, route] of ranked.entries()) {
    table.insert(route, order)
    yield
  }
  return new ExpressionsRouter(table, classic)
}

function hasExpression({ expression }: Route): boolean {
  return typeof expression === 'string'
}

function compare(a: Route, b: Route): number {
  const higher = (b.priority ?? 0) - (a.priority ?? 0)
  if (higher !== 0) return higher
  return a.id.toLowerCase() < b.id.toLowerCase() ? 1 : -1
}

interface Candidate {
  readonly order: number
  readonly literalPrefix: string
  readonly route: Route
  readonly test: Test
}

interface Parsed {
  readonly test: Test
  readonly anchors: Anchors
}

/** Routes outlive reloads that do not change them, and with them what has been made of them. */
const known = new WeakMap<Route, Parsed>()

function parsedOf(route: Route): Parsed {
  let parsed = known.get(route)
  if (parsed === undefined) {
    const expression = parseExpression(route.expression ?? '')
    const test = withProtocols(compileExpression(expression), route.protocols)
    known.set(route, (parsed = { test, anchors: anchorsOf(expression) }))
  }
  return parsed
}

/** The protocols are part of the condition; but a route for https alone takes http too, to send it away. */
function withProtocols(test: Test, protocols: readonly string[]): Test {
  if (protocols.length === 1 && protocols[0] === 'https') return test
  const takesHttp = protocols.includes('http') || protocols.includes('grpc')
  const takesHttps = protocols.includes('https') || protocols.includes('grpcs')
  if (takesHttp && takesHttps) return test
  return (question, findings) => question.secure === takesHttps && test(question, findings)
}

class ExpressionTable {
  readonly #byHost = new Map<string, PathTree<Candidate>>()
  readonly #anyHost = new PathTree<Candidate>()

  /** Takes routes in order of trial. */
  insert(route: Route, order: number): void {
    const { test, anchors } = parsedOf(route)
    const trees = anchors.hosts?.map((host) => this.#treeFor(host)) ?? [this.#anyHost]
    for (const tree of trees) {
      for (const literalPrefix of anchors.paths ?? ['']) {
        tree.insert({ order, literalPrefix, route, test })
      }
    }
  }

  // HOT PATH
  walk(search: ExpressionSearch, question: RouteQuestion): void {
    const { host } = question
    if (this.#byHost.size > 0) {
      const colon = portColon(host)
      this.#byHost.get(colon < 0 ? host : host.slice(0, colon))?.walk(search, question)
    }
    this.#anyHost.walk(search, question)
  }

  #treeFor(host: string): PathTree<Candidate> {
    let tree = this.#byHost.get(host)
    if (tree === undefined) this.#byHost.set(host, (tree = new PathTree()))
    return tree
  }
}

/** The state of one look-up: the best route so far. One object serves all requests of a router in turn. */
class ExpressionSearch {
  bestOrder = Infinity
  #best: RouteMatch | null = null
  readonly #findings: Findings = { prefix: '', groups: [] }

  get result(): RouteMatch | null {
    return this.#best
  }

  begin(): void {
    this.bestOrder = Infinity
    this.#best = null
  }

  /** @param candidates in order of trial */
  // HOT PATH
  consider(candidates: readonly Candidate[], question: RouteQuestion): void {
    const findings = this.#findings
    for (const { order, route, test } of candidates) {
      if (order >= this.bestOrder) return
      findings.prefix = ''
      findings.groups.length = 0
      if (!test(question, findings)) continue
      this.bestOrder = order
      this.#best = { route, prefix: findings.prefix, captures: capturesOf(findings.groups) }
      return
    }
  }
}

/** Kong keeps what every regex has captured, the later over the earlier; nothing without a first group. */
function capturesOf(found: readonly RegExpExecArray[]): UriCaptures | null {
  const unnamed: (string | undefined)[] = []
  const named = Object.create(null) as Record<string, string>
  for (const groups of found) {
    const one = toCaptures(groups, groups[0])
    for (const [number, text] of one.unnamed.entries())
      if (text !== undefined) unnamed[number] = text
    Object.assign(named, one.named)
  }
  return unnamed[1] === undefined ? null : { unnamed, named }
}

class ExpressionsRouter implements Router {
  readonly #table: ExpressionTable
  readonly #classic: Router
  readonly #search = new ExpressionSearch()

  constructor(table: ExpressionTable, classic: Router) {
    this.#table = table
    this.#classic = classic
  }

  // HOT PATH
  match(question: RouteQuestion): RouteMatch | null {
    this.#search.begin()
    this.#table.walk(this.#search, question)
    return this.#search.result ?? this.#classic.match(question)
  }

  pathHandling(): PathHandling {
    return 'v0'
  }
}
