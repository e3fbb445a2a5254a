// What changes for requests because of entities other than plugins: who may call, and how targets are spoken to.
import type { Draft } from '../../config/draft.js'
import type { Level } from './difference.js'
import { fieldChanges, type Sides } from './entity-changes.js'
import type { Findings } from './findings.js'
import { shiftText } from './judge.js'
import { configOf, meaningOf } from './meaning.js'
import { consumerOf } from './match.js'
import { ENTITY_RULES } from './shift-rules.js'
import type { Side } from './side.js'

export function findEntityChanges(sides: Sides, findings: Findings): void {
  for (const draft of sides.matching.removed) findRemoved(draft, sides, findings)
  for (const draft of sides.matching.added) {
    if (draft.collection.name === 'acls') findGroup(draft, sides, findings)
  }
  for (const { old, new: now } of sides.matching.pairs) {
    findShifts(old, now, sides, findings)
    if (isKey(now)) findReplacedKey(old, now, sides, findings)
  }
}

function findShifts(old: Draft, now: Draft, sides: Sides, findings: Findings): void {
  const rules = ENTITY_RULES[now.collection.name] ?? []
  const [before, after] = [meaningOf(old, sides.old), meaningOf(now, sides.new)]
  for (const shift of rules.flatMap((rule) => rule(before, after))) {
    const { direction } = shift
    const text = `${sides.new.titleOf(now)} is ${direction}: ${shiftText(shift, now, sides)}`
    findings.add({ level: direction, rule: `entity-${direction}`, say: () => text, old, new: now })
  }
}

function findRemoved(draft: Draft, sides: Sides, findings: Findings): void {
  const title = sides.old.titleOf(draft)
  const add = (level: Level, rule: string, text: string) =>
    findings.add({ level, rule, say: () => text, old: draft, new: null })
  const { collection } = draft
  if (collection.name === 'acls') findGroup(draft, sides, findings)
  else if (collection.name === 'consumers') {
    add('breaking', 'consumer-removed', `${title} is gone: its requests are refused, or anonymous`)
  } else if (isKey(draft) && isInBoth(consumerOf(draft), sides)) {
    add('breaking', 'credential-removed', `${title} is gone: requests with it are refused`)
  } else if (collection.name === 'snis') {
    add(
      'breaking',
      'sni-removed',
      `${title} is gone: clients that ask for it are shown another certificate`,
    )
  }
}

/** A group that a consumer has got or lost; it matters where acl names it before and after. */
function findGroup(draft: Draft, sides: Sides, findings: Findings): void {
  const isNew = sides.new.byId('acls', draft.id) === draft
  if (!isInBoth(consumerOf(draft), sides)) return
  const names = (list: string) =>
    [sides.old, sides.new].every((side) => groupsIn(list, side).has(draft.fields.group))
  const isRefused = names('deny')
  if (!isRefused && !names('allow')) return
  const title = (isNew ? sides.new : sides.old).titleOf(draft)
  const text = `${title} is ${isNew ? 'new' : 'gone'}, which acl ${isRefused ? 'refuses' : 'lets pass'}`
  findings.add({
    level: levelOf(isNew, isRefused),
    rule: isNew ? 'group-added' : 'group-removed',
    say: () => text,
    old: isNew ? null : draft,
    new: isNew ? draft : null,
  })
}

function levelOf(isNew: boolean, isRefused: boolean): Level {
  if (isNew) return isRefused ? 'tightened' : 'loosened'
  return isRefused ? 'loosened' : 'breaking'
}

function findReplacedKey(old: Draft, now: Draft, sides: Sides, findings: Findings): void {
  const changed = fieldChanges({ old, new: now }, sides).map(({ field }) => field)
  const title = sides.new.titleOf(now)
  const add = (level: Level, rule: string, text: string) =>
    findings.add({ level, rule, say: () => text, old, new: now })
  const before = sides.old.titleOf(old)
  if (changed.includes('consumer')) {
    add('breaking', 'credential-changed', `${before} now means another consumer: ${title}`)
  } else if (changed.some((field) => field !== 'tags' && !old.madeUp.includes(field))) {
    const text = `${title} is another one: requests with the old one may be refused`
    add('breaking', 'credential-changed', text)
  } else if (changed.some((field) => field !== 'tags')) {
    // Nobody could rely on what was new at every start.
    add('added', 'credential-fixed', `${title} is fixed now; it was made up at every start`)
  }
}

/** What a client proves with who it is. */
function isKey({ collection }: Draft): boolean {
  return collection.isCredential && collection.name !== 'acls'
}

/** In both files. One that is gone takes all that it has along. */
function isInBoth(consumer: Draft | null, { matching }: Sides): boolean {
  return consumer !== null && matching.partnerOf(consumer) !== undefined
}

/** Groups that some use of acl names in that list. */
function groupsIn(list: string, side: Side): ReadonlySet<unknown> {
  const uses = side.all('plugins').filter(({ fields }) => fields.name === 'acl')
  return new Set(
    uses.flatMap((use) => {
      const groups = configOf(use, side)[list]
      return Array.isArray(groups) ? (groups as unknown[]) : []
    }),
  )
}
