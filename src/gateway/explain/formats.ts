// The formats that an explanation is told in. Deciding which, and where it goes, is left to the command.
import { toJson } from '../../config/report/format.js'
import { exitCodeOf, type Explanation } from './explanation.js'
import { pretty } from './pretty.js'

export interface ExplainFormatOptions {
  readonly hasColor: boolean
}

/** Writes a report, without a line break at the end. */
type ExplainFormat = (explanation: Explanation, options: ExplainFormatOptions) => string

/** For programs: all that was found out. */
const json: ExplainFormat = ({ file, request, verdict, ...rest }) =>
  toJson({ file, request, verdict, exitCode: exitCodeOf({ verdict }), ...rest })

export const EXPLAIN_FORMATS = { pretty, json } as const satisfies Readonly<
  Record<string, ExplainFormat>
>

export type ExplainFormatName = keyof typeof EXPLAIN_FORMATS
