// The formats that problems are told in. Deciding which, and where it goes, is left to the commands.
import type { Format } from './format.js'
import { github } from './github.js'
import { json } from './json.js'
import { junit } from './junit.js'
import { pretty } from './pretty.js'
import { sarif } from './sarif.js'

export const REPORT_FORMATS = {
  pretty,
  json,
  github,
  sarif,
  junit,
} as const satisfies Readonly<Record<string, Format>>

export type ReportFormat = keyof typeof REPORT_FORMATS
export type { FormatOptions, ProblemReport } from './format.js'
