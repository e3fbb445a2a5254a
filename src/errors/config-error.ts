// A wrong declarative file: every fault at once, in file order.
import { GatewayError } from './gateway-error.js'

export interface Problem {
  /** The file's name as the user gave it; empty for a setting. */
  readonly file: string
  /** Where in the document, as in `services[0].plugins[1].config.key_names`; `error` for the whole, empty for none. */
  readonly path: string
  /** The same step by step, for what stands in a document. */
  readonly steps?: readonly (string | number)[]
  /** 1-based; 0 when there is no place, such as for a file that cannot be read. */
  readonly line: number
  readonly column: number
  /** Kong's words where Kong has them. */
  readonly message: string
  /** The way out, when one is known. */
  readonly hint?: string
  /** The rule that found it, for those that have a name. */
  readonly rule?: string
  /** What stands at the place may be a secret although the path does not say so: no excerpt shows it. */
  readonly hidesValue?: boolean
}

/** The path under which Kong files what is wrong with a file as a whole. */
export const WHOLE_FILE = 'error'

/** What is wrong, and where in the document. */
export function describeProblem({ path, message, line }: Problem): string {
  // That path is for tools, and is no field of the file.
  const isWhole = path === WHOLE_FILE && (line === 0 || message.startsWith('failed parsing'))
  return path === '' || isWhole ? message : `${path}: ${message}`
}

export class ConfigError extends GatewayError {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]
  /** What may explain them. */
  readonly warnings: readonly Problem[]

  constructor(problems: readonly Problem[], warnings: readonly Problem[] = []) {
    super('CONFIG', { detail: problems.map(formatProblem).join('\n') })
    this.problems = problems
    this.warnings = warnings
  }
}

/** `kong.yml:14:9 services[0].port: expected an integer (hint)` */
export function formatProblem(problem: Problem): string {
  const { file, line, column, hint } = problem
  const place = line > 0 ? `${file}:${line}:${column}` : file
  return [place, describeProblem(problem), hint === undefined ? '' : `(${hint})`]
    .filter(Boolean)
    .join(' ')
}
