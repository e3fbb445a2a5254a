// gw validate --fix: says what was mended, or, with --dry-run, shows what would be.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { Fix } from '../config/fix/index.js'
import { fixFile, type FixedFile, type UnfixedFile } from '../gateway/fix-file.js'
import type { FoundSources, Source } from '../gateway/sources.js'
import { visible } from '../util/terminal-text.js'
import { print } from './output.js'

/** A text with changes all over takes long to compare. */
const MAX_DIFF_MS = 10_000

export interface MendOptions {
  /** Nothing is written. */
  readonly dryRun?: boolean
  /** Of the report to come. */
  readonly format: string
}

export interface Mended {
  /** The files with their mended texts, also those that were not written. */
  readonly found: FoundSources
  /** A file was left as it is though it might have been fixed. */
  readonly isRefused: boolean
}

export async function mend(
  { sources, misses }: FoundSources,
  { dryRun = false, format }: MendOptions,
): Promise<Mended> {
  const mended: Source[] = []
  let isRefused = false
  for (const source of sources) {
    const outcome = await outcomeOf(source, dryRun)
    mended.push(outcome !== null && 'after' in outcome ? withText(source, outcome.after) : source)
    if (outcome === null) continue
    if ('refusal' in outcome) isRefused = true
    // Unless the report is for people, standard output is left to it.
    const diffs = format === 'pretty' ? process.stdout : process.stderr
    await print(
      process.stderr,
      linesOf(outcome, dryRun)
        .map((line) => visible(line, '\n'))
        .join('\n'),
    )
    if (dryRun && 'after' in outcome) await print(diffs, diffOf(outcome))
  }
  return { found: { sources: mended, misses }, isRefused }
}

/** Only what has no name of its own comes with a format. */
function outcomeOf({ file, format }: Source, isDryRun: boolean) {
  const refusal = 'only a file can be written'
  return format === undefined ? fixFile(file, isDryRun) : Promise.resolve({ file, refusal })
}

function withText(source: Source, text: string): Source {
  return { ...source, read: () => Promise.resolve(text) }
}

function linesOf(outcome: FixedFile | UnfixedFile, isDryRun: boolean): readonly string[] {
  const { file } = outcome
  if ('refusal' in outcome) return [`${file}: not fixed: ${outcome.refusal}`]
  const verb = isDryRun ? 'would be fixed' : 'fixed'
  return outcome.fixes.map((fix) => formatFix(file, fix, verb))
}

/** `kong.yml:3:5: fixed: services[0].url: …`, and a note on a line of its own. */
function formatFix(file: string, fix: Fix, verb: string): string {
  const { line, column, path, message, note } = fix
  const said = `${file}:${line}:${column}: ${verb}: ${path}: ${message}`
  return note === undefined ? said : `${said}\n  note: ${note}`
}

/** Empty without changes. */
function diffOf({ file, before, after }: FixedFile): string {
  if (before === after) return ''
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY, timeout: MAX_DIFF_MS }
  // Same name on both sides, so that the patch can be applied where it was made.
  const patch = createTwoFilesPatch(file, file, before, after, '', '', options)
  return patch?.trimEnd() ?? `${file}: too many changes to show`
}
