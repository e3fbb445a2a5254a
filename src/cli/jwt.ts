// gw jwt debug: says why a token is taken or refused, without a gateway.
import { REPORT_FORMATS, type ProblemReport } from '../config/report/index.js'
import { debugFile } from '../gateway/jwt/debug-file.js'
import { JWT_FORMATS, type JwtFormatName } from '../gateway/jwt/formats.js'
import { exitCodeOf, NOT_EXAMINED } from '../gateway/jwt/report.js'
import { loadSettings } from '../gateway/load-settings.js'
import { hasColor, print, printError } from './output.js'

export interface JwtDebugFlags {
  readonly config?: string
  readonly conf?: string
  readonly expandEnv?: boolean
  readonly format: JwtFormatName
  readonly route?: string
}

/** Returns the exit code: 0 for a token that is accepted, 1 for one that is refused, 2 when something is in the way. */
export async function jwtDebug(token: string, flags: JwtDebugFlags): Promise<number> {
  const { format, config: file, conf, route } = flags
  try {
    const { expandEnv, ...rest } = loadSettings(process.env, { conf })
    const settings = { ...rest, expandEnv: flags.expandEnv ?? expandEnv }
    const debugged = await debugFile({ token, file, route }, settings, process.stdin)
    if ('refusal' in debugged) {
      await refuse(debugged.refusal, format)
      return NOT_EXAMINED
    }
    const { report } = debugged
    const options = { hasColor: hasColor(process.stdout, process.env) }
    await print(process.stdout, JWT_FORMATS[format](report, options))
    return exitCodeOf(report)
  } catch (error) {
    await printError(error)
    return NOT_EXAMINED
  }
}

/** As `gw validate` says it; for people, what is wrong goes to standard error. */
async function refuse(report: ProblemReport, format: JwtFormatName): Promise<void> {
  const options = { hasColor: hasColor(process.stderr, process.env), root: process.cwd() }
  const stream = format === 'json' ? process.stdout : process.stderr
  await print(stream, REPORT_FORMATS[format](report, options))
}
