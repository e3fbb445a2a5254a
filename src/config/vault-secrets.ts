// Reads what references to secrets mean (kong/pdk/vault.lua, kong/vaults/env). Values never reach a message.
import { parseVaultReference, type VaultReference } from '../util/vault-reference.js'
import type { Draft } from './draft.js'
import type { Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import { isRecord } from './settle.js'

export interface SecretSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** KONG_VAULT_ENV_PREFIX: what names of variables begin with where nothing else says so. */
  readonly envPrefix: string
}

export class Secrets {
  readonly #source: SecretSource
  /** Prefix of variables by prefix of references, of the vaults that the file declares. */
  readonly #vaults = new Map<string, string | null>()

  constructor(source: SecretSource, drafts: readonly Draft[]) {
    this.#source = source
    for (const { collection, fields } of drafts) {
      if (collection.name !== 'vaults' || typeof fields.prefix !== 'string') continue
      const prefix = isRecord(fields.config) ? fields.config.prefix : null
      this.#vaults.set(fields.prefix, typeof prefix === 'string' ? prefix : null)
    }
  }

  /**
   * A copy of the value with secrets in the place of references. One that cannot be read becomes the empty string, as
   * in Kong, and a warning.
   * @param references paths below the value
   * @param path of the value itself, for warnings
   */
  fillIn(
    value: unknown,
    references: readonly DocumentPath[],
    path: DocumentPath,
    warnings: Fault[],
  ): unknown {
    const copy = structuredClone(value)
    for (const reference of references) {
      const around = reference.slice(0, -1).reduce<unknown>(stepInto, copy)
      const last = reference.at(-1)
      if (typeof around !== 'object' || around === null || last === undefined) continue
      const text = stepInto(around, last)
      const read = this.read(String(text))
      if ('fault' in read) {
        const message = `unable to resolve reference ${String(text)} (${read.fault})`
        warnings.push({ path: [...path, ...reference], message })
      }
      Reflect.set(around, last, 'value' in read ? read.value : '')
    }
    return copy
  }

  /** What one reference means, or why that cannot be told. */
  read(text: string): { readonly value: string } | { readonly fault: string } {
    const reference = parseVaultReference(text)
    if (reference === null) return { fault: 'not a reference that can be read' }
    const name = this.#variableOf(reference)
    if (name === null) return { fault: `no vault '${reference.vault}'` }
    const value = this.#source.environment[name]
    if (value === undefined) return { fault: `the environment has no ${name}` }
    if (reference.key === null) return { value }
    const member = memberOf(value, reference.key)
    return member === undefined
      ? { fault: `${name} is no JSON object with a text '${reference.key}'` }
      : { value: member }
  }

  #variableOf({ vault, resource, options, version }: VaultReference): string | null {
    const declared = this.#vaults.get(vault)
    if (declared === undefined && vault !== 'env') return null
    const prefix = options.prefix ?? declared ?? this.#source.envPrefix
    const name = `${prefix}${resource}`.replaceAll('-', '_').toUpperCase()
    return version === 2 ? `${name}_PREVIOUS` : name
  }
}

function stepInto(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const member = isRecord(parsed) && Object.hasOwn(parsed, key) ? parsed[key] : undefined
    return typeof member === 'string' ? member : undefined
  } catch {
    return undefined
  }
}
