// Mends the mechanical mistakes of a declarative file. What is mended is spliced; every other byte stays.
import { ConfigError } from '../../errors/config-error.js'
import { readDocument } from '../document.js'
import { formatPath } from '../faults.js'
import { LineIndex } from '../places.js'
import { fixCredentials } from './credentials.js'
import type { Draft, Fix, Fixer } from './fix.js'
import { fixForeign } from './foreign.js'
import { fixFormatVersion } from './format-version.js'
import { fixLists } from './lists.js'
import { fixMissingValues } from './missing-values.js'
import { fixMovedFields } from './moved-fields.js'
import { fixNameValues } from './name-values.js'
import { fixReferences } from './references.js'
import { fixRoutePaths } from './route-paths.js'
import { fixServiceAddresses } from './service-addresses.js'
import { applySplices, Claims, History, sorted } from './splice.js'
import { Tree } from './tree.js'

export interface FixedDocument {
  /** The text as it was where there is nothing to fix. */
  readonly text: string
  /** In file order. */
  readonly fixes: readonly Fix[]
  /** Why nothing was done where something might have been; never shows a value. */
  readonly refusal?: string
}

/** In this order: what makes a shape regular comes before what looks into it. */
const FIXERS: readonly Fixer[] = [
  fixLists,
  fixFormatVersion,
  fixRoutePaths,
  fixServiceAddresses,
  fixForeign,
  fixReferences,
  fixCredentials,
  fixNameValues,
  fixMovedFields,
  fixMissingValues,
]

/** Overlapping changes wait for the next round; no fixer needs more than a few. */
const MAX_ROUNDS = 50
/** The nodes of a text take about a hundred times its size. */
const MAX_CHARACTERS = 8 * 1024 * 1024
const BYTE_ORDER_MARK = '\uFEFF'

/** Why the text is better left alone. */
class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** @throws ConfigError when the text cannot be read */
export function fixDocument(text: string, file: string): FixedDocument {
  readDocument(text, file)
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  try {
    const fixed = run(text.slice(mark.length))
    if (fixed.fixes.length === 0) return { text, fixes: [] }
    confirm(fixed.text, file)
    return { text: mark + fixed.text, fixes: fixed.fixes }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { text, fixes: [], refusal: error.message }
  }
}

function run(source: string): FixedDocument {
  if (source.length > MAX_CHARACTERS) throw new Refusal('too large to be fixed')
  const history = new History()
  const lines = new LineIndex(source)
  const fixes: { readonly fix: Fix; readonly offset: number }[] = []
  let text = source
  let tree = parse(text)
  for (const fixer of FIXERS) {
    for (let round = 0; ; round++) {
      const drafts = withoutOverlap(fixer(tree))
      if (drafts.length === 0) break
      if (round === MAX_ROUNDS) throw new Refusal('the fixes do not come to an end')
      for (const { path, at, message, note } of drafts) {
        const offset = history.originOf(at)
        const fix = { path: formatPath(path), ...lines.placeOf(offset), message }
        fixes.push({ offset, fix: note === undefined ? fix : { ...fix, note } })
      }
      const splices = sorted(drafts.flatMap((draft) => draft.splices))
      text = applySplices(text, splices)
      history.push(splices)
      tree = parse(text)
    }
  }
  fixes.sort((a, b) => a.offset - b.offset)
  return { text, fixes: fixes.map(({ fix }) => fix) }
}

/** The changed text must read, and leave nothing to be fixed. */
function confirm(text: string, file: string): void {
  try {
    readDocument(text, file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new Refusal('the fixed text would not parse')
  }
  const tree = parse(text)
  if (FIXERS.some((fixer) => fixer(tree).length > 0)) {
    throw new Refusal('the fixed text would want fixing again')
  }
}

function parse(text: string): Tree {
  try {
    return new Tree(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Refusal(error.message)
  }
}

/** Those that touch nothing an earlier one touches. */
function withoutOverlap(drafts: readonly Draft[]): Draft[] {
  const claims = new Claims()
  return drafts.filter(({ splices }) => claims.take(splices))
}
