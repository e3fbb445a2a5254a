// What has been added to a file, removed from it or changed in it: entity by entity, field by field.
import type { Draft } from '../../config/draft.js'
import { hashPassword } from '../../config/entities/basicauth-credentials.js'
import { COLLECTIONS } from '../../config/entities/collections.js'
import type { EntityChange, FieldChange } from './difference.js'
import { consumerOf, isBasicAuth, type Matching, type Pair } from './match.js'
import { shownChange } from './masking.js'
import { meaningOf } from './meaning.js'
import { linkOf, type Side } from './side.js'
import { changesBetween } from './values.js'

/** The two files and which entity is which. */
export interface Sides {
  readonly old: Side
  readonly new: Side
  readonly matching: Matching
}

/** By collection; in each what has been removed, then what has changed, then what is new. */
export function entityChanges(sides: Sides): EntityChange[] {
  const { matching } = sides
  const found = [
    ...matching.removed.map((draft) => gone(draft, sides.old)),
    ...matching.pairs.flatMap((pair) => changeOf(pair, sides) ?? []),
    ...matching.added.map((draft) => come(draft, sides.new)),
  ]
  const order = new Map<string, number>(COLLECTIONS.map(({ name }, index) => [name, index]))
  const rank = ({ collection }: EntityChange): number => order.get(collection) ?? 0
  return found.sort((a, b) => rank(a) - rank(b))
}

function gone(draft: Draft, side: Side): EntityChange {
  const title = side.titleOf(draft)
  const collection = draft.collection.name
  const old = side.placeOf(draft)
  return { kind: 'removed', collection, title, oldTitle: null, fields: [], old, new: null }
}

function come(draft: Draft, side: Side): EntityChange {
  const title = side.titleOf(draft)
  const collection = draft.collection.name
  const now = side.placeOf(draft)
  return { kind: 'added', collection, title, oldTitle: null, fields: [], old: null, new: now }
}

function changeOf(pair: Pair, sides: Sides): EntityChange | null {
  const fields = fieldChanges(pair, sides)
  if (fields.length === 0) return null
  const title = sides.new.titleOf(pair.new)
  const oldTitle = sides.old.titleOf(pair.old)
  const { name: collection } = pair.new.collection
  const isRename = RENAMED.has(collection) && fields.every(({ field }) => NAMES.has(field))
  return {
    kind: isRename ? 'renamed' : 'changed',
    collection,
    title,
    oldTitle: oldTitle === title || !fields.some(({ field }) => NAMES.has(field)) ? null : oldTitle,
    fields,
    old: sides.old.placeOf(pair.old),
    new: sides.new.placeOf(pair.new),
  }
}

const NAMES: ReadonlySet<string> = new Set(['name', 'username'])
/** What does the same under another name; that of an upstream or an SNI is what requests go by. */
const RENAMED: ReadonlySet<string> = new Set([
  'services',
  'routes',
  'consumers',
  'keys',
  'key_sets',
])

/** What a pair says otherwise; empty for what means the same. */
export function fieldChanges(pair: Pair, sides: Sides): FieldChange[] {
  const own = changesBetween(meaningOf(pair.old, sides.old), meaningOf(pair.new, sides.new))
    .filter(({ path }) => !isSameSecret(pair, path[0] ?? '', sides))
    .map((change) => shownChange(change, pair.new, sides.new))
  return [...own, ...linkChanges(pair, sides)]
}

/** Whether a field that reads otherwise is a secret that is still the same. */
function isSameSecret({ old, new: now }: Pair, field: string, sides: Sides): boolean {
  if (old.madeUp.includes(field) && now.madeUp.includes(field)) return true
  return isBasicAuth(now) && field === 'password' && isSamePassword(old, now, sides)
}

/** One file may have the password itself and the other, being an export, what is kept of it. */
function isSamePassword(old: Draft, now: Draft, sides: Sides): boolean {
  const [before, after] = [isKept(old, sides.old), isKept(now, sides.new)]
  if (before === after) return old.fields.password === now.fields.password
  const [plain, kept] = before ? [now, old] : [old, now]
  const hashed = { password: plain.fields.password }
  // The consumer's id takes part, which is that of the file that has the hash.
  hashPassword(hashed, () => consumerOf(kept)?.id ?? '')
  return hashed.password === kept.fields.password
}

function isKept({ fields }: Draft, { config }: Side): boolean {
  const kept = config.snapshot.credential('basicauth_credentials', String(fields.username))
  return kept?.password === fields.password
}

function linkChanges({ old, new: now }: Pair, sides: Sides): FieldChange[] {
  return Object.keys(now.collection.references).flatMap((field): FieldChange[] => {
    const [before, after] = [linkOf(old, field), linkOf(now, field)]
    const [a, b] = [before, after].map((draft) =>
      draft === null ? null : sides.matching.markOf(draft),
    )
    if (a === b) return []
    return [
      {
        field,
        ...(before === null ? {} : { old: sides.old.titleOf(before) }),
        ...(after === null ? {} : { new: sides.new.titleOf(after) }),
        isSecret: false,
      },
    ]
  })
}
