// The formats that the report on a token is told in.
import { styleText } from 'node:util'
import { toJson } from '../../config/report/format.js'
import { visible } from '../../util/terminal-text.js'
import { clipped } from '../diff/shown.js'
import type { Place } from '../diff/difference.js'
import { exitCodeOf, type CheckShown, type TokenReport, type UseShown } from './report.js'

export interface JwtFormatOptions {
  readonly hasColor: boolean
}

/** Writes a report, without a line break at the end. */
type JwtFormat = (report: TokenReport, options: JwtFormatOptions) => string

type Paint = (style: 'bold' | 'dim' | 'green' | 'red', text: string) => string

/** Claims may be as long as a header. */
const MAX_WORDS = 2000

/** For programs: all that was found out. */
const json: JwtFormat = ({ file, verdict, ...rest }) =>
  toJson({ file, verdict, exitCode: exitCodeOf({ verdict }), ...rest })

const pretty: JwtFormat = ({ token, uses, more }, { hasColor }) => {
  const paint: Paint = (style, text) =>
    hasColor ? styleText(style, text, { validateStream: false }) : text
  return [
    `${paint('bold', 'token')} of ${token.characters} characters`,
    `  header  ${partText(token.header)}`,
    `  claims  ${partText(token.claims)}`,
    ...uses.flatMap((use) => ['', ...useLines(use, paint)]),
    ...(more === 0 ? [] : ['', `and ${more} more uses of the plugin`]),
  ].join('\n')
}

function partText(part: unknown): string {
  return part === null ? 'cannot be read' : words(JSON.stringify(part))
}

function useLines(use: UseShown, paint: Paint): string[] {
  const { title, place, answer, consumer, credential, checks, notes } = use
  const outcome =
    answer === null
      ? paint('green', `accepted for ${words(consumer ?? '')}`)
      : paint('red', `refused: ${answer.status} ${words(JSON.stringify(answer.body))}`)
  return [
    `${paint('bold', words(title))}  ${paint('dim', placeText(place))}`,
    `  -> ${outcome}`,
    ...checks.map((check) => `  ${checkText(check, paint)}`),
    ...(credential === null
      ? []
      : [`  ${words(credential.title)}  ${paint('dim', placeText(credential.place))}`]),
    ...notes.map((note) => `  - ${words(note)}`),
  ]
}

const NAME_WIDTH = 'credential'.length

function checkText({ name, isRight, text }: CheckShown, paint: Paint): string {
  const mark =
    isRight === null ? paint('dim', '--') : isRight ? paint('green', 'ok') : paint('red', 'NO')
  return `${mark}  ${name.padEnd(NAME_WIDTH)}  ${words(text)}`
}

function placeText({ file, line, column, path }: Place): string {
  const at = line > 0 ? `${file}:${line}:${column}` : file
  return words(`${at} ${path}`)
}

/** On one line, with nothing that a terminal would obey. */
function words(text: string): string {
  return visible(clipped(text, MAX_WORDS))
}

export const JWT_FORMATS = { pretty, json } as const satisfies Readonly<Record<string, JwtFormat>>

export type JwtFormatName = keyof typeof JWT_FORMATS
