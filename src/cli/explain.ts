// gw explain: says why a request goes where it goes, without a gateway.
import { REPORT_FORMATS, type ProblemReport } from '../config/report/index.js'
import { explainFile } from '../gateway/explain/explain-file.js'
import { exitCodeOf, NO_EXPLANATION } from '../gateway/explain/explanation.js'
import { EXPLAIN_FORMATS, type ExplainFormatName } from '../gateway/explain/formats.js'
import { loadSettings } from '../gateway/load-settings.js'
import { hasColor, print, printError } from './output.js'

export interface ExplainFlags {
  readonly config?: string
  readonly conf?: string
  readonly consumer?: string
  readonly expandEnv?: boolean
  readonly format: ExplainFormatName
  readonly from?: string
  /** `Name: value` */
  readonly header: readonly string[]
}

/** Returns the exit code: 0 when a route answers, 1 when the gateway does itself, 2 when something is in the way. */
export async function explain(method: string, url: string, flags: ExplainFlags): Promise<number> {
  const { format, header: headers, config: file, conf, consumer, from } = flags
  try {
    const { expandEnv, ...rest } = loadSettings(process.env, { conf })
    const settings = { ...rest, expandEnv: flags.expandEnv ?? expandEnv }
    const words = { method, url, headers, file, consumer, from }
    const explained = await explainFile(words, settings, process.stdin)
    if ('refusal' in explained) {
      await refuse(explained.refusal, format)
      return NO_EXPLANATION
    }
    const { explanation } = explained
    const options = { hasColor: hasColor(process.stdout, process.env) }
    await print(process.stdout, EXPLAIN_FORMATS[format](explanation, options))
    return exitCodeOf(explanation)
  } catch (error) {
    await printError(error)
    return NO_EXPLANATION
  }
}

/** As `gw validate` says it; for people, what is wrong goes to standard error. */
async function refuse(report: ProblemReport, format: ExplainFormatName): Promise<void> {
  const options = { hasColor: hasColor(process.stderr, process.env), root: process.cwd() }
  const stream = format === 'json' ? process.stdout : process.stderr
  await print(stream, REPORT_FORMATS[format](report, options))
}
