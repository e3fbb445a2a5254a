// What changes for the requests of each route because of plugins: by Kong's precedence, so that a use which another
// one replaces counts as what it now is.
import type { Draft } from '../../config/draft.js'
import type { Route } from '../../model/entities.js'
import type { Sides } from './entity-changes.js'
import type { Consequence, Findings } from './findings.js'
import { authenticationChange, judgeUses } from './judge.js'
import type { Limits } from './limits.js'
import { protectionOf, type PluginView } from './protection.js'

export interface PluginViews {
  readonly old: PluginView
  readonly new: PluginView
}

/** The uses of one plugin that apply to the same requests. */
interface Uses {
  readonly old: Draft | null
  readonly new: Draft | null
}

/** A consumer that plugins name, in either file. */
interface ConsumerUses {
  readonly old: Draft
  readonly new: Draft
  readonly names: ReadonlySet<string>
}

/** @returns notes on what was left out */
export function findPluginChanges(
  sides: Sides,
  views: PluginViews,
  findings: Findings,
  { looks }: Limits,
): string[] {
  const comparison = new PluginComparison(sides, views, findings, looks)
  for (const { old, new: now } of sides.matching.pairsOf('routes')) comparison.compare(old, now)
  return comparison.isCut
    ? ['not every consumer was tried on every route: there are too many of both']
    : []
}

class PluginComparison {
  isCut = false
  readonly #sides: Sides
  readonly #views: PluginViews
  readonly #findings: Findings
  readonly #consumers: readonly ConsumerUses[]
  /** By the two uses: many routes have the same. */
  readonly #judged = new Map<string, readonly Consequence[]>()
  #looksLeft: number

  constructor(sides: Sides, views: PluginViews, findings: Findings, looks: number) {
    this.#looksLeft = looks
    this.#sides = sides
    this.#views = views
    this.#findings = findings
    this.#consumers = sides.matching.pairsOf('consumers').flatMap(({ old, new: now }) => {
      const names = new Set([
        ...views.old.plugins.namesForConsumer(old),
        ...views.new.plugins.namesForConsumer(now),
      ])
      return names.size === 0 ? [] : [{ old, new: now, names }]
    })
  }

  compare(old: Draft, now: Draft): void {
    const { old: before, new: after } = this.#views
    const [oldRoute, newRoute] = [before.plugins.routeOf(old), after.plugins.routeOf(now)]
    this.#compareAuthentication(oldRoute, newRoute, now)
    const names = new Set([
      ...before.plugins.namesFor(oldRoute),
      ...after.plugins.namesFor(newRoute),
    ])
    for (const name of names) {
      const pair = this.#choose(name, oldRoute, newRoute, null)
      for (const found of this.#judge(name, pair)) this.#findings.addOnRoute(now, found)
    }
    for (const consumer of this.#consumers) this.#compareFor(consumer, oldRoute, newRoute, now)
  }

  #compareFor(consumer: ConsumerUses, oldRoute: Route, newRoute: Route, now: Draft): void {
    const title = this.#sides.new.titleOf(consumer.new)
    for (const name of consumer.names) {
      if (this.#looksLeft === 0) {
        this.isCut = true
        return
      }
      this.#looksLeft--
      const own = this.#choose(name, oldRoute, newRoute, consumer)
      const base = this.#choose(name, oldRoute, newRoute, null)
      if (own.old === base.old && own.new === base.new) continue
      for (const found of this.#judge(name, own)) {
        const say = (where: string) => found.say(`${where} for ${title}`)
        this.#findings.addOnRoute(now, { ...found, say })
      }
    }
  }

  #choose(name: string, old: Route, now: Route, consumer: ConsumerUses | null): Uses {
    return {
      old: this.#views.old.plugins.choose(name, old, consumer?.old ?? null),
      new: this.#views.new.plugins.choose(name, now, consumer?.new ?? null),
    }
  }

  #judge(name: string, { old, new: now }: Uses): readonly Consequence[] {
    const key = `${name} ${old?.id ?? ''} ${now?.id ?? ''}`
    let judged = this.#judged.get(key)
    if (judged === undefined) {
      judged = judgeUses(name, old, now, this.#sides)
      this.#judged.set(key, judged)
    }
    return judged
  }

  #compareAuthentication(oldRoute: Route, newRoute: Route, now: Draft): void {
    const [before, after] = [
      protectionOf(oldRoute, this.#views.old),
      protectionOf(newRoute, this.#views.new),
    ]
    const lost = before.required.filter((name) => !after.required.includes(name))
    const gained = after.required.filter((name) => !before.required.includes(name))
    const first = lost[0] ?? gained[0]
    if (first === undefined) return
    const [oldCause, newCause] = [
      this.#views.old.plugins.choose(lost[0] ?? first, oldRoute, null),
      this.#views.new.plugins.choose(gained[0] ?? first, newRoute, null),
    ]
    this.#findings.addOnRoute(now, {
      ...authenticationChange({ lost, gained, ...after }),
      old: oldCause,
      new: newCause,
    })
  }
}
