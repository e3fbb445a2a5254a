// kong.conf: `name = value` lines, as Kong reads them. What the names mean is the settings' business.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { describeError } from '../errors/describe.js'

export interface ConfEntry {
  readonly name: string
  readonly value: string
  /** 1-based; of the first line, for a value that goes on over several. */
  readonly line: number
}

export interface ConfFile {
  readonly path: string
  readonly entries: readonly ConfEntry[]
}

/** Where Kong looks when nobody names a file. */
export const CONF_PATHS = ['/etc/kong/kong.conf', '/etc/kong.conf'] as const

/** A file of settings is a few pages; what is larger is something else. */
const MAX_BYTES = 1024 * 1024

/**
 * Null when no file is named and none is at the usual places.
 * @throws ConfigError, in Kong's words for a file that is not there
 */
export function findConf(
  named: string | undefined,
  usual: readonly string[] = CONF_PATHS,
): ConfFile | null {
  if (named !== undefined) {
    if (!existsSync(named)) throw faultOf('', 0, `no file at: ${named}`)
    return readConf(named)
  }
  const found = usual.find((path) => existsSync(path))
  return found === undefined ? null : readConf(found)
}

/** @throws ConfigError */
export function readConf(path: string): ConfFile {
  let text: string
  try {
    const { size } = statSync(path)
    if (size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw faultOf(path, 0, `cannot be read: ${describeError(error)}`)
  }
  return parseConf(text, path)
}

/** @throws ConfigError with every line that is none of name, `=` and value */
export function parseConf(text: string, path: string): ConfFile {
  const entries: ConfEntry[] = []
  const problems: Problem[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1
    let whole = lines[i] ?? ''
    // An empty line, a comment, or a heading, none of which means anything to Kong.
    if (/^\s*(?:$|[#;[])/.test(whole)) continue
    while (/\\\s*$/.test(whole) && i + 1 < lines.length) {
      whole = whole.replace(/\\\s*$/, '') + (lines[++i] ?? '')
    }
    const [, name, value = ''] = /^\s*([^=\s#]+)\s*=(.*)$/.exec(whole) ?? []
    if (name === undefined) {
      // The line itself is not shown: it may be the rest of a secret.
      problems.push(problemOf(path, line, 'expected `name = value`'))
    } else {
      entries.push({ name: name.toLowerCase(), value: withoutComment(value), line })
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return { path, entries }
}

function withoutComment(value: string): string {
  return value
    .replace(/\s*(?<!\\)#.*$/, '')
    .replaceAll('\\#', '#')
    .trim()
}

/** One line of such a file, which reads as that name and value again. */
export function confLine(name: string, value: string): string {
  return `${name} = ${value.replaceAll('#', '\\#')}`
}

function faultOf(file: string, line: number, message: string): ConfigError {
  return new ConfigError([problemOf(file, line, message)])
}

function problemOf(file: string, line: number, message: string): Problem {
  return { file, path: '', line, column: line > 0 ? 1 : 0, message }
}
