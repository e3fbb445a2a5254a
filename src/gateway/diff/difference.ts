// What `gw diff` finds: the shape that every rule fills and every format reads. The README documents it as JSON.

/**
 * From what needs a person most to what needs one least.
 * - loosened: lets through, shows or trusts more than before
 * - breaking: requests that were answered are refused, or end elsewhere
 * - tightened: asks for more, or allows less
 * - changed: behaves otherwise, neither of the above as far as can be told
 * - added: is there besides, and takes nothing from what was there
 */
export const LEVELS = ['loosened', 'breaking', 'tightened', 'changed', 'added'] as const
export type Level = (typeof LEVELS)[number]

export interface Place {
  readonly file: string
  /** 1-based; 0 when not known. */
  readonly line: number
  readonly column: number
  /** `services[0].routes[1]` */
  readonly path: string
}

/** An entity in one of the files or in both; null where it is not. */
export interface Places {
  readonly old: Place | null
  readonly new: Place | null
}

/** A request that is treated otherwise than before. */
export interface Example {
  readonly method: string
  readonly url: string
  /** Beside Host; values that may be secrets are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** What the client asks for in the TLS handshake; null where it does not matter. */
  readonly sni: string | null
}

/** One consequence for requests, however many routes it shows on. */
export interface Finding extends Places {
  readonly level: Level
  /** The same from version to version; the README lists them. */
  readonly rule: string
  /** A sentence, complete without the other fields. */
  readonly message: string
  /** Those it shows on, as messages call them. */
  readonly routes: readonly string[]
  readonly example: Example | null
}

/** One field of an entity. Values are masked where they may be secrets; undefined for one that is not set. */
export interface FieldChange {
  /** `config.redis.host` */
  readonly field: string
  readonly old?: unknown
  readonly new?: unknown
  /** Neither value may be shown. */
  readonly isSecret: boolean
}

export interface EntityChange extends Places {
  readonly kind: 'added' | 'removed' | 'changed' | 'renamed'
  /** As in the file: `routes` */
  readonly collection: string
  /** `route 'orders'`, by the new file where it is there. */
  readonly title: string
  /** For one that is called otherwise now. */
  readonly oldTitle: string | null
  /** Empty for what is added or removed. */
  readonly fields: readonly FieldChange[]
}

export interface Difference {
  /** Names of the files. */
  readonly old: string
  readonly new: string
  /** The worst level; `none` when nothing changes in meaning. */
  readonly verdict: Level | 'none'
  /** The worst first. */
  readonly findings: readonly Finding[]
  /** By collection, in the order of the files. */
  readonly changes: readonly EntityChange[]
  /** What was not looked at, and why. */
  readonly notes: readonly string[]
}

/** The worst of what is there. */
export function verdictOf(
  findings: readonly Finding[],
  changes: readonly EntityChange[],
): Level | 'none' {
  const levels = new Set<Level>(findings.map(({ level }) => level))
  for (const { kind } of changes) levels.add(kind === 'added' ? 'added' : 'changed')
  return LEVELS.find((level) => levels.has(level)) ?? 'none'
}
