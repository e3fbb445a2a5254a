// gw validate --fix: says what was mended, or, with --dry-run, shows what would be.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { Fix } from '../config/fix/index.js'
import { fixFiles, type FixedFile } from '../gateway/fix-files.js'

/** A text with changes all over takes long to compare. */
const MAX_DIFF_MS = 10_000

export interface Mended {
  /** By file name: the fixed texts that were not written. */
  readonly texts: ReadonlyMap<string, string>
  /** A file was left as it is though it might have been fixed. */
  readonly isRefused: boolean
}

/** @param format of the report to come: unless it is for people, standard output is left to it */
export async function mendFiles(
  files: readonly string[],
  isDryRun: boolean,
  format: string,
): Promise<Mended> {
  const texts = new Map<string, string>()
  const output = format === 'pretty' ? process.stdout : process.stderr
  let isRefused = false
  for (const outcome of await fixFiles(files, isDryRun)) {
    if ('refusal' in outcome) {
      isRefused = true
      process.stderr.write(`${outcome.file}: not fixed: ${outcome.refusal}\n`)
      continue
    }
    const { file, before, after, fixes } = outcome
    const verb = isDryRun ? 'would be fixed' : 'fixed'
    for (const fix of fixes) process.stderr.write(`${formatFix(file, fix, verb)}\n`)
    if (!isDryRun || before === after) continue
    texts.set(file, after)
    output.write(diffOf(outcome))
  }
  return { texts, isRefused }
}

/** `kong.yml:3:5: fixed: services[0].url: …`, and a note on a line of its own. */
function formatFix(file: string, fix: Fix, verb: string): string {
  const { line, column, path, message, note } = fix
  const said = `${file}:${line}:${column}: ${verb}: ${path}: ${message}`
  return note === undefined ? said : `${said}\n  note: ${note}`
}

function diffOf({ file, before, after }: FixedFile): string {
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY, timeout: MAX_DIFF_MS }
  // Same name on both sides, so that the patch can be applied where it was made.
  const patch = createTwoFilesPatch(file, file, before, after, '', '', options)
  return patch ?? `${file}: too many changes to show\n`
}
