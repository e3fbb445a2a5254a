// Which entity of the one file is which of the other: by id, else by name, else by what it says. What is matched comes
// first by what it refers to, so that a reference to a renamed service is no change.
import { createHash } from 'node:crypto'
import type { Draft } from '../../config/draft.js'
import type { Collection, CollectionName } from '../../config/entities/collection.js'
import { COLLECTIONS, collectionOf } from '../../config/entities/collections.js'
import { meaningOf } from './meaning.js'
import { linkOf, linksOf, push, type Side } from './side.js'
import { stable } from './values.js'

export interface Pair {
  readonly old: Draft
  readonly new: Draft
}

/** Text that two drafts of one collection share when they are the same; null for one that cannot be told this way. */
type KeyOf = (draft: Draft, side: Side) => string | null

export class Matching {
  readonly pairs: readonly Pair[]
  readonly removed: readonly Draft[]
  readonly added: readonly Draft[]
  readonly #partners: ReadonlyMap<Draft, Draft>
  readonly #marks: ReadonlyMap<Draft, string>

  constructor(matcher: Matcher) {
    this.pairs = matcher.pairs
    this.removed = matcher.removed
    this.added = matcher.added
    this.#partners = matcher.partners
    this.#marks = matcher.marks
  }

  /** The same entity in the other file. */
  partnerOf(draft: Draft): Draft | undefined {
    return this.#partners.get(draft)
  }

  /** Text that an entity shares with its partner, and with nothing else. */
  markOf(draft: Draft): string {
    return this.#marks.get(draft) ?? ''
  }

  pairsOf(collection: CollectionName): readonly Pair[] {
    return this.pairs.filter((pair) => pair.old.collection.name === collection)
  }
}

export function match(old: Side, now: Side): Matching {
  const matcher = new Matcher(old, now)
  for (const collection of inOrderOfReference()) matcher.match(collection)
  return new Matching(matcher)
}

/** What is referred to comes before what refers to it. */
function inOrderOfReference(): readonly Collection[] {
  const order = new Set<Collection>()
  const visit = (collection: Collection): void => {
    if (order.has(collection)) return
    for (const name of Object.values(collection.references)) {
      const target = collectionOf(name)
      if (target !== undefined) visit(target)
    }
    order.add(collection)
  }
  COLLECTIONS.forEach(visit)
  return [...order]
}

class Matcher {
  readonly pairs: Pair[] = []
  readonly removed: Draft[] = []
  readonly added: Draft[] = []
  readonly partners = new Map<Draft, Draft>()
  readonly marks = new Map<Draft, string>()
  readonly #old: Side
  readonly #new: Side
  readonly #fingerprints = new Map<Draft, string>()

  constructor(old: Side, now: Side) {
    this.#old = old
    this.#new = now
  }

  match({ name }: Collection): void {
    const left = new Set(this.#old.all(name))
    const right = new Set(this.#new.all(name))
    const pair = (a: Draft, b: Draft): void => {
      left.delete(a)
      right.delete(b)
      this.partners.set(a, b).set(b, a)
      const mark = `${name} ${this.pairs.length}`
      this.marks.set(a, mark).set(b, mark)
      this.pairs.push({ old: a, new: b })
    }
    for (const { keyOf, isOnlyAlone } of this.#passes) {
      if (left.size === 0 || right.size === 0) break
      const candidates = this.#byKey(right, this.#new, keyOf)
      for (const [key, drafts] of this.#byKey(left, this.#old, keyOf)) {
        const others = candidates.get(key) ?? []
        if (isOnlyAlone && (drafts.length > 1 || others.length > 1)) continue
        for (const [index, draft] of drafts.entries()) {
          const other = others[index]
          if (other !== undefined) pair(draft, other)
        }
      }
    }
    for (const draft of left) this.marks.set(draft, `old ${name} ${draft.id}`)
    for (const draft of right) this.marks.set(draft, `new ${name} ${draft.id}`)
    this.removed.push(...left)
    this.added.push(...right)
  }

  #byKey(drafts: ReadonlySet<Draft>, side: Side, keyOf: KeyOf): Map<string, Draft[]> {
    const byKey = new Map<string, Draft[]>()
    for (const draft of drafts) {
      const key = keyOf(draft, side)
      if (key !== null) push(byKey, key, draft)
    }
    return byKey
  }

  /** From the surest to what is taken when nothing else fits; the last three only where there is one of each. */
  readonly #passes: readonly { readonly keyOf: KeyOf; readonly isOnlyAlone: boolean }[] = [
    { keyOf: stableId, isOnlyAlone: false },
    { keyOf: nameOf, isOnlyAlone: false },
    {
      keyOf: (draft, side) => this.#fingerprintOf(draft, side) + this.#linksOf(draft),
      isOnlyAlone: false,
    },
    { keyOf: (draft, side) => this.#naturalKey(draft, side), isOnlyAlone: true },
    { keyOf: (draft, side) => this.#shownFor(draft, side), isOnlyAlone: true },
    { keyOf: (draft) => this.#lastResort(draft), isOnlyAlone: true },
  ]

  #linksOf(draft: Draft): string {
    return stable(
      Array.from(linksOf(draft), ([field, target]) => [field, this.marks.get(target)]).sort(),
    )
  }

  /** Everything that an entity and those below it say. */
  #fingerprintOf(draft: Draft, side: Side): string {
    const known = this.#fingerprints.get(draft)
    if (known !== undefined) return known
    // Made-up keys are new at every load, and a password is another text once it is hashed.
    const hidden = [...draft.madeUp, ...(isBasicAuth(draft) ? ['password'] : [])]
    const meaning = Object.entries(meaningOf(draft, side)).filter(([key]) => !hidden.includes(key))
    const children = side.childrenOf(draft).map((child) => this.#fingerprintOf(child, side))
    const text = stable([draft.collection.name, Object.fromEntries(meaning), children.sort()])
    const fingerprint = createHash('md5').update(text).digest('base64')
    this.#fingerprints.set(draft, fingerprint)
    return fingerprint
  }

  /** What makes an entity what it is, besides its name: one that shares it has been renamed. */
  #naturalKey(draft: Draft, side: Side): string | null {
    const fields = NATURAL[draft.collection.name]
    if (fields === undefined) return null
    const meaning = meaningOf(draft, side)
    const values = fields.map((field) => meaning[field] ?? null)
    if (values.length > 0 && values.every((value) => value === null)) return null
    return stable(values) + this.#linksOf(draft)
  }

  /** A certificate that has been renewed is still the one for its names. */
  #shownFor(draft: Draft, side: Side): string | null {
    if (draft.collection.name !== 'certificates') return null
    const names = side.childrenOf(draft).map(({ fields }) => String(fields.name))
    return names.length === 0 ? null : stable(names.sort())
  }

  /** The only one of its kind in a place, which nobody calls by a name. */
  #lastResort(draft: Draft): string | null {
    const { collection, fields } = draft
    const isNameless = collection.name === 'routes' || collection.name === 'services'
    if (isNameless && typeof fields.name === 'string') return null
    const counts = isNameless || (collection.isCredential && collection.name !== 'acls')
    return counts ? this.#linksOf(draft) : null
  }
}

/** Fields by which an entity is known beside id and name; references count too. */
const NATURAL: Partial<Readonly<Record<CollectionName, readonly string[]>>> = {
  services: ['protocol', 'host', 'port', 'path'],
  routes: ['methods', 'hosts', 'paths', 'headers', 'snis', 'expression'],
  consumers: ['custom_id'],
  plugins: ['name'],
  targets: ['target'],
  certificates: ['cert'],
  ca_certificates: ['cert_digest'],
  keys: ['kid'],
  acls: ['group'],
}

function stableId({ hasStableId, id }: Draft): string | null {
  return hasStableId ? id : null
}

/** The field that a reference by name looks in; secret for some, and shown for none. */
function nameOf({ collection, fields, madeUp }: Draft): string | null {
  const { endpointKey } = collection
  if (endpointKey === null || madeUp.includes(endpointKey)) return null
  const name = fields[endpointKey]
  return typeof name === 'string' ? name : null
}

export function isBasicAuth({ collection }: Draft): boolean {
  return collection.name === 'basicauth_credentials'
}

/** The consumer of a credential. */
export function consumerOf(draft: Draft): Draft | null {
  return linkOf(draft, 'consumer')
}
