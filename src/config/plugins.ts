// Uses of plugins: is the plugin there, may it stand here, is its configuration right, what does it make of it.
import { HTTP_PROTOCOLS, PROTOCOLS } from '../../schemas/common.js'
import { ConfigFault, UnsupportedFault } from '../plugin/config-fault.js'
import type { AnyPlugin, PluginSpec, PluginUse, Scope } from '../plugin/contract.js'
import { deepFreeze } from '../util/deep-freeze.js'
import type { Draft } from './draft.js'
import type { Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import { checkPluginConfig, faultOf } from './plugin-config.js'
import type { PluginLookup } from './plugin-lookup.js'
import type { Moved } from './schema-check.js'
import type { Secrets } from './vault-secrets.js'
import { isRecord } from './settle.js'

const LINKS = ['route', 'service', 'consumer'] as const

export interface CheckedPlugins {
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** What is right but cannot run: plugins that are not built yet, and parts of others. */
  readonly unsupported: readonly Fault[]
  /**
   * What `prepare` made of each enabled use, by its id; the configuration itself for a plugin without `prepare`.
   * Nothing of what cannot run, or of what hangs on secrets that nobody has given.
   */
  readonly prepared: ReadonlyMap<string, unknown>
  /** What `prepare` was given where references to secrets had to be filled in, by the same id. */
  readonly filled: ReadonlyMap<string, object>
  /** What stands in the file under an old name. */
  readonly moved: readonly Moved[]
}

/**
 * @param drafts resolved
 * @param secrets left out, references to secrets are right by their form alone
 */
export function checkPlugins(
  drafts: readonly Draft[],
  lookup: PluginLookup,
  secrets: Secrets | null,
): CheckedPlugins {
  const checker = new Checker(lookup, secrets)
  for (const draft of drafts) {
    if (draft.collection.name === 'plugins') checker.check(draft)
  }
  return checker
}

class Checker implements CheckedPlugins {
  readonly faults: Fault[] = []
  readonly warnings: Fault[] = []
  readonly unsupported: Fault[] = []
  readonly prepared = new Map<string, unknown>()
  readonly filled = new Map<string, object>()
  readonly moved: Moved[] = []
  readonly #lookup: PluginLookup
  readonly #secrets: Secrets | null

  constructor(lookup: PluginLookup, secrets: Secrets | null) {
    this.#lookup = lookup
    this.#secrets = secrets
  }

  check(draft: Draft): void {
    const { fields, path } = draft
    const { name } = fields
    if (typeof name !== 'string' || name === '') return
    const spec = this.#lookup.spec(name)
    if (spec === undefined) {
      this.faults.push(notEnabled(draft, name))
      return
    }
    const faults = [...checkProtocols(draft, spec), ...this.#checkScopes(draft, spec)]
    // Anything but a record has been reported by the schema of the entity.
    const config = isRecord(fields.config) ? fields.config : null
    const checked = config === null ? null : checkPluginConfig(spec, config)
    if (checked !== null) {
      const at = [...path, 'config']
      faults.push(...checked.faults.map((fault) => below(at, fault)))
      this.warnings.push(...checked.warnings.map((fault) => below(at, fault)))
      for (const { from, to } of checked.moved) {
        this.moved.push({ from: [...at, ...from], to: [...at, ...to] })
      }
    }
    this.faults.push(...faults)
    if (faults.length > 0 || fields.enabled !== true || checked === null) return
    const plugin = this.#lookup.get(name)
    if (plugin !== undefined) this.#prepare(draft, plugin, checked.references)
    else {
      const message = `plugin '${name}' is not built yet: this version can check it but not run it`
      this.unsupported.push({ path: [...path, 'name'], message })
    }
  }

  #checkScopes({ references, path, parentField }: Draft, { name, scopes }: PluginSpec): Fault[] {
    const faults: Fault[] = []
    if (scopes === undefined) return faults
    const used: Scope[] = LINKS.filter((field) => (references.get(field) ?? null) !== null)
    if (used.length === 0 && !scopes.includes('global')) {
      faults.push({ path, message: `plugin '${name}' cannot be used globally` })
    }
    for (const scope of used) {
      if (scopes.includes(scope)) continue
      // Kong refuses the reference but not the same thing nested, which then never runs.
      if (scope === parentField) {
        const message = `plugin '${name}' has no effect in a ${scope}`
        this.warnings.push({ path, message, rule: 'no-effect' })
      } else {
        faults.push({ path: [...path, scope], message: 'value must be null' })
      }
    }
    return faults
  }

  #prepare(draft: Draft, plugin: AnyPlugin, references: readonly DocumentPath[]): void {
    if (references.length > 0 && this.#secrets === null) return
    const at = [...draft.path, 'config']
    const written = deepFreeze(draft.fields.config)
    let config = written
    if (references.length > 0) {
      config = deepFreeze(this.#secrets?.fillIn(written, references, at, this.warnings))
      if (isRecord(config)) this.filled.set(draft.id, config)
    }
    try {
      this.prepared.set(
        draft.id,
        plugin.prepare === undefined ? config : plugin.prepare(config, useOf(draft)),
      )
    } catch (error) {
      const fault = error instanceof ConfigFault ? error : failedToPrepare(plugin, error)
      const list = error instanceof UnsupportedFault ? this.unsupported : this.faults
      list.push(below(at, faultOf(fault)))
    }
  }
}

function notEnabled({ path }: Draft, name: string): Fault {
  const message = `plugin '${name}' not enabled; add it to the 'plugins' configuration property`
  return { path: [...path, 'name'], message }
}

function checkProtocols(
  { fields, path }: Draft,
  { protocols: allowed = HTTP_PROTOCOLS }: PluginSpec,
): Fault[] {
  if (!Array.isArray(fields.protocols)) return []
  const accepted: readonly unknown[] = allowed
  const known: readonly unknown[] = PROTOCOLS
  const message = `expected one of: ${allowed.join(', ')}`
  return fields.protocols.flatMap((protocol, index) =>
    // What is no protocol at all has been found by the schema.
    accepted.includes(protocol) || !known.includes(protocol)
      ? []
      : [{ path: [...path, 'protocols', index], message }],
  )
}

function below(at: DocumentPath, fault: Fault): Fault {
  const place = fault.place === undefined ? {} : { place: [...at, ...fault.place] }
  return { ...fault, ...place, path: [...at, ...fault.path] }
}

function failedToPrepare({ name }: AnyPlugin, error: unknown): ConfigFault {
  const reason = error instanceof Error ? error.message : String(error)
  return new ConfigFault('', `plugin '${name}' failed to prepare: ${reason}`)
}

function useOf({ id, references }: Draft): PluginUse {
  const idOf = (field: (typeof LINKS)[number]) => {
    const reference = references.get(field)
    return reference?.kind === 'resolved' ? reference.draft.id : null
  }
  return { id, routeId: idOf('route'), serviceId: idOf('service'), consumerId: idOf('consumer') }
}
