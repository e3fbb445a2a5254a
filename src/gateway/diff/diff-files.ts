// Reads and checks two declarative files, and compares them when both are right.
import type { ProblemReport } from '../../config/report/index.js'
import { loadRegistry } from '../load.js'
import { atFile, readChecked, refusalOf } from '../read-checked.js'
import type { Settings } from '../settings.js'
import { compareConfigs } from './compare.js'
import type { Difference } from './difference.js'

export type Comparison =
  | { readonly difference: Difference }
  /** A file that cannot be read or is wrong, with all its faults. */
  | { readonly refusal: ProblemReport }

/**
 * @param names the old file and the new one; one of them may be `-`
 * @param input what `-` reads
 * @throws ConfigError for plugins that are wrong, which is no file's fault
 */
export async function diffFiles(
  names: readonly [old: string, now: string],
  settings: Settings,
  input: AsyncIterable<unknown>,
): Promise<Comparison> {
  const plugins = await loadRegistry(settings)
  const [oldName, newName] = names
  const old = await readChecked(oldName, settings, input, plugins)
  // Standard input can be read once.
  const isTwice = oldName === '-' && newName === '-'
  const now = isTwice
    ? refusalOf(atFile('<stdin>', 'both files cannot come from standard input'))
    : await readChecked(newName, settings, input, plugins)
  if ('config' in old && 'config' in now) return { difference: compareConfigs(old, now, plugins) }
  return { refusal: joined([old, now].flatMap((one) => ('config' in one ? [] : [one]))) }
}

function joined(reports: readonly ProblemReport[]): ProblemReport {
  return {
    files: reports.flatMap(({ files }) => files),
    errors: reports.flatMap(({ errors }) => errors),
    warnings: reports.flatMap(({ warnings }) => warnings),
    texts: new Map(reports.flatMap(({ texts }) => [...texts])),
  }
}
