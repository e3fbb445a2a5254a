// Requests that another route answers than before, or none: found by asking both routers for examples of every route.
import type { Draft } from '../../config/draft.js'
import { isSecret } from '../../config/faults.js'
import type { RouteQuestion } from '../../router/contract.js'
import type { Filler } from '../../router/example.js'
import { withinTime } from '../../util/within-time.js'
import { hasExamples } from '../served-routes.js'
import type { Example } from './difference.js'
import type { Sides } from './entity-changes.js'
import { examplesFor, fillersFor, plainest } from './examples.js'
import type { Findings } from './findings.js'
import type { Limits } from './limits.js'
import { MASK, maskedText } from './masking.js'
import { meaningOf } from './meaning.js'
import type { PluginViews } from './plugin-findings.js'
import type { PluginView } from './protection.js'
import { RoutingView, type Answer, type Tried } from './routing.js'
import { few, inWords } from './shown.js'
import { isSame } from './values.js'

/** @returns notes on what was left out */
export function findRouteChanges(
  sides: Sides,
  views: PluginViews,
  findings: Findings,
  limits: Limits,
): string[] {
  const comparison = new RouteComparison(sides, views, findings)
  const isDone = withinTime(limits.milliseconds, () => comparison.run(limits.questions))
  const notes = [...comparison.notes, ...findUnserved(sides, views, findings)]
  if (!isDone) {
    notes.push(
      `trying requests took more than ${limits.milliseconds} ms: some routes were not tried`,
    )
  }
  return notes
}

/** Routes that no examples are made of are compared by their text alone. */
function findUnserved({ old, matching }: Sides, views: PluginViews, findings: Findings): string[] {
  const count = ({ side, plugins }: PluginView): number =>
    side.all('routes').filter((draft) => !hasExamples(plugins.routeOf(draft))).length
  for (const draft of matching.removed) {
    if (draft.collection.name !== 'routes' || hasExamples(views.old.plugins.routeOf(draft)))
      continue
    const text = `${old.titleOf(draft)} is gone`
    findings.add({
      level: 'breaking',
      rule: 'route-vanished',
      say: () => text,
      old: draft,
      new: null,
    })
  }
  const most = Math.max(count(views.old), count(views.new))
  if (most === 0) return []
  return [
    `routes by expression, or that this version does not serve, were compared by their text alone: ${most}`,
  ]
}

class RouteComparison {
  readonly notes: string[] = []
  readonly #sides: Sides
  readonly #findings: Findings
  readonly #old: RoutingView
  readonly #new: RoutingView
  readonly #fillers: readonly Filler[]
  /** Pairs of routes that have been told about. */
  readonly #told = new Set<string>()

  constructor(sides: Sides, views: PluginViews, findings: Findings) {
    this.#sides = sides
    this.#findings = findings
    const ids = steadyIds(sides)
    this.#old = new RoutingView(views.old, ids)
    this.#new = new RoutingView(views.new, ids)
    this.#fillers = fillersFor([...this.#old.routes, ...this.#new.routes])
  }

  run(limit: number): void {
    let asked = 0
    const cut = new Set<string>()
    const routes = this.#inOrderOfInterest()
    for (const [index, { draft, route, side }] of routes.entries()) {
      const { questions, isCut } = examplesFor(route, this.#fillers)
      if (isCut) cut.add(side.titleOf(draft))
      asked += questions.length
      if (asked > limit) {
        const left = routes.length - index
        this.notes.push(`${left} of ${routes.length} routes were not tried: there are too many`)
        break
      }
      for (const question of questions) this.#compare(question)
      if (questions.length === 0) this.#noteUntried(draft)
    }
    if (cut.size > 0) {
      const what = 'not every combination of path, host, method and header was tried'
      this.notes.push(`${what} for ${few([...cut])}`)
    }
  }

  /** Routes that have changed first, so that a limit leaves out what is least likely to matter. */
  #inOrderOfInterest(): Tried[] {
    const { old, new: now, matching } = this.#sides
    const changed: Tried[] = []
    const same: Tried[] = []
    for (const pair of matching.pairsOf('routes')) {
      const isUnchanged = isSame(meaningOf(pair.old, old), meaningOf(pair.new, now))
      const list = isUnchanged ? same : changed
      // Both say the same, so one will do.
      if (!isUnchanged) list.push(...this.#old.tried(pair.old))
      list.push(...this.#new.tried(pair.new))
    }
    return [
      ...matching.removed.flatMap((draft) => this.#old.tried(draft)),
      ...matching.added.flatMap((draft) => this.#new.tried(draft)),
      ...changed,
      ...same,
    ]
  }

  #compare(question: RouteQuestion): void {
    const [before, after] = [this.#old.ask(question), this.#new.ask(question)]
    if (!this.#differs(before, after, question)) return
    const key = `${before?.draft.id ?? ''} ${after?.draft.id ?? ''}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    const shows = (other: RouteQuestion) =>
      this.#old.ask(other)?.draft === before?.draft && this.#new.ask(other)?.draft === after?.draft
    const plain = plainest(question, shows, this.#fillers)
    this.#tell(this.#old.ask(plain), this.#new.ask(plain), plain)
  }

  #differs(before: Answer | null, after: Answer | null, question: RouteQuestion): boolean {
    if (before === null || after === null) return before !== after
    // What changes on a route itself is told by other rules.
    if (this.#sides.matching.partnerOf(before.draft) === after.draft) return false
    return this.#old.treatmentOf(before, question) !== this.#new.treatmentOf(after, question)
  }

  #tell(before: Answer | null, after: Answer | null, question: RouteQuestion): void {
    const example = toExample(question)
    const request = describe(example)
    const places = { old: before?.draft ?? null, new: after?.draft ?? null }
    if (before === null && after !== null) {
      const guards = this.#new.refusing(after)
      const how = guards.length === 0 ? 'with nothing to guard it' : `behind ${inWords(guards)}`
      const text = `${request} is answered by ${this.#new.titleOf(after)}, ${how}; no route took it before`
      this.#findings.add(
        { level: 'added', rule: 'route-opened', say: () => text, ...places },
        example,
      )
    } else if (before !== null && after === null) {
      const text = `${request} is answered by no route any more; it was by ${this.#old.titleOf(before)}`
      this.#findings.add(
        { level: 'breaking', rule: 'route-vanished', say: () => text, ...places },
        example,
      )
    } else if (before !== null && after !== null) {
      this.#tellOfTaking(before, after, question, example)
    }
  }

  #tellOfTaking(before: Answer, after: Answer, question: RouteQuestion, example: Example): void {
    const guards = this.#new.refusing(after)
    const lost = this.#old.refusing(before).filter((name) => !guards.includes(name))
    const [from, to] = [this.#old.titleOf(before), this.#new.titleOf(after)]
    const target = this.#new.targetOf(after, question)
    const isMoved = target !== this.#old.targetOf(before, question)
    const where = isMoved
      ? ` and goes to ${target === null ? 'no service' : maskedText(target)}`
      : ''
    const without = lost.length === 0 ? '' : `, without ${inWords(lost)}`
    const text = `${describe(example)} is answered by ${to} instead of ${from}${where}${without}`
    const level = lost.length === 0 ? 'breaking' : 'loosened'
    const places = { old: before.draft, new: after.draft }
    this.#findings.add({ level, rule: 'route-taken', say: () => text, ...places }, example)
  }

  /** One that no example is found for is gone all the same. */
  #noteUntried(draft: Draft): void {
    const { old, matching } = this.#sides
    if (matching.partnerOf(draft) !== undefined || this.#old.tried(draft).length === 0) return
    const text = `${old.titleOf(draft)} is gone; no example of its requests was found`
    this.#findings.add({
      level: 'breaking',
      rule: 'route-vanished',
      say: () => text,
      old: draft,
      new: null,
    })
  }
}

/**
 * Of routes that rank the same the greater id wins. Where the file leaves ids to chance, a route gets that of its
 * partner, or one that stands for its place, so that chance is no change.
 */
function steadyIds({ old, new: now, matching }: Sides): ReadonlyMap<Draft, string> {
  const ids = new Map<Draft, string>()
  let rank = 0xffff_ffff
  for (const draft of [...old.all('routes'), ...now.all('routes')]) {
    if (draft.hasStableId || ids.has(draft)) continue
    const partner = matching.partnerOf(draft)
    const made = `${(rank--).toString(16).padStart(8, '0')}-ffff-4fff-bfff-ffffffffffff`
    const id = partner?.hasStableId === true ? partner.id : made
    ids.set(draft, id)
    if (partner?.hasStableId === false) ids.set(partner, id)
  }
  return ids
}

function toExample(question: RouteQuestion): Example {
  const { method, host, path, headers, secure, serverName } = question
  const shown = Array.from(headers.entries(), ([name, value]) => [
    name,
    isSecret([name]) ? MASK : maskedText(value),
  ])
  return {
    method,
    url: maskedText(`${secure ? 'https' : 'http'}://${host}${path}`),
    headers: Object.fromEntries(shown) as Record<string, string>,
    sni: serverName === '' ? null : serverName,
  }
}

/** `GET https://a.test/x with x-env: prod and SNI a.test` */
function describe({ method, url, headers, sni }: Example): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const also = inWords(sni === null ? lines : [...lines, `SNI ${sni}`])
  return also === '' ? `${method} ${url}` : `${method} ${url} with ${also}`
}
