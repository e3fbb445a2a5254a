// What the rules look at: a checked file as its entities, its uses of plugins, and the settings that matter.
import type { PluginSpec } from '../../plugin/contract.js'
import type { CollectionName, Fields } from '../entities/collection.js'
import type { Draft } from '../draft.js'
import type { Origin } from '../load.js'
import type { DocumentPath } from '../places.js'
import type { PluginLookup } from '../plugin-lookup.js'
import { isRecord } from '../settle.js'
import { scopeOf, type Scope } from './scope.js'

export interface LintContext {
  readonly plugins: PluginLookup
}

/** One configured use of a plugin. */
export interface Use {
  readonly name: string
  readonly plugin: PluginSpec
  /** A user's own: what it does is not known. */
  readonly isOwn: boolean
  /** With defaults. */
  readonly config: Fields
  /** The fields of `config` that the file itself has. */
  readonly written: readonly string[]
  readonly scope: Scope
  /** Where it stands in the document. */
  readonly path: DocumentPath
}

export class LintView {
  readonly drafts: readonly Draft[]
  /** In file order, those that are enabled. */
  readonly uses: readonly Use[]
  readonly disabledUses: readonly Use[]
  readonly #byCollection = new Map<CollectionName, Draft[]>()

  constructor({ drafts }: Origin, { plugins }: LintContext) {
    this.drafts = drafts
    for (const draft of drafts) {
      const { name } = draft.collection
      const own = this.#byCollection.get(name)
      if (own === undefined) this.#byCollection.set(name, [draft])
      else own.push(draft)
    }
    const uses: Use[] = []
    const disabledUses: Use[] = []
    for (const draft of this.all('plugins')) {
      const use = toUse(draft, plugins)
      if (use !== null) (draft.fields.enabled === false ? disabledUses : uses).push(use)
    }
    this.uses = uses
    this.disabledUses = disabledUses
  }

  all(collection: CollectionName): readonly Draft[] {
    return this.#byCollection.get(collection) ?? []
  }

  usesOf(...names: readonly string[]): readonly Use[] {
    return this.uses.filter(({ name }) => names.includes(name))
  }
}

function toUse(draft: Draft, plugins: PluginLookup): Use | null {
  const { name, config } = draft.fields
  const plugin = typeof name === 'string' ? plugins.spec(name) : undefined
  if (plugin === undefined || typeof name !== 'string' || !isRecord(config)) return null
  const { written, path } = draft
  const isOwn = plugins.isOwn(name)
  return { name, plugin, isOwn, config, written, scope: scopeOf(draft), path }
}
