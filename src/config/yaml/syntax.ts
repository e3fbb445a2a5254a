// What is wrong with a text that is no YAML: in the words of Kong's reader (libyaml), at the place of the mistake, and
// with the way out. js-yaml stops at the same mistakes but words them otherwise.
import yaml from 'js-yaml'
import { skipBlank } from './blank.js'
import { LineIndex, type Place } from '../places.js'
import { YAML_OPTIONS } from './options.js'

export interface SyntaxReport {
  /** Begins with the place that Kong names: where it last understood something. */
  readonly message: string
  /** Where the mistake is. */
  readonly place: Place
  readonly hint: string | undefined
}

interface Diagnosis {
  readonly problem: string
  readonly hint?: string
  /** Of the mistake; left out, where js-yaml stopped. */
  readonly at?: number
  /** Which event libyaml saw last. */
  readonly seen: 'here' | 'last' | 'before last'
}

export function reportSyntax(text: string, error: yaml.YAMLException): SyntaxReport {
  // The mark is missing for the few faults that concern the text as a whole.
  const stopped = (error.mark as yaml.Mark | undefined)?.position ?? 0
  const trace = follow(text)
  const { problem, hint, at = stopped, seen } = diagnose(text, error.reason, stopped, trace)
  const lines = new LineIndex(text)
  const last = seen === 'here' ? at : seen === 'last' ? trace.last : trace.beforeLast
  const named = lines.placeOf(last)
  return {
    message: `${named.line}:${named.column}: ${problem}`,
    place: lines.placeOf(at),
    hint,
  }
}

/** Offsets of what was read before the mistake. */
interface Trace {
  /** The last scalar, or bracket that closes a list or map. */
  readonly last: number
  readonly beforeLast: number
  /** Where the node begins that was being read. */
  readonly open: number
}

function follow(text: string): Trace {
  const trace = { last: 0, beforeLast: 0, open: 0 }
  const opened: number[] = []
  const see = (offset: number): void => {
    // js-yaml reads some nodes twice.
    if (offset <= trace.last) return
    trace.beforeLast = trace.last
    trace.last = offset
  }
  try {
    yaml.loadAll(text, null, {
      ...YAML_OPTIONS,
      listener: (event, { kind, position }) => {
        if (event === 'open') {
          opened.push(position)
          return
        }
        const start = skipBlank(text, opened.pop() ?? 0)
        if (kind === 'scalar' && start < position) see(start)
        else if (/[\]}]/.test(text[position - 1] ?? '')) see(position - 1)
      },
    })
  } catch {
    // The same mistake again: what counts is how far it came.
  }
  trace.open = skipBlank(text, opened.at(-1) ?? 0)
  return trace
}

const NO_START = 'found character that cannot start any token'
const NO_COLON = "could not find expected ':'"
const INDENTATION = 'the line is not indented as those around it'

function diagnose(text: string, reason: string, stopped: number, trace: Trace): Diagnosis {
  switch (reason) {
    case 'tab characters must not be used in indentation':
      return {
        problem: continuesScalar(text, stopped) ? TAB_IN_SCALAR : NO_START,
        hint: 'a tab: indent with spaces',
        seen: continuesScalar(text, stopped) ? 'before last' : 'last',
      }
    case 'bad indentation of a mapping entry':
    case 'bad indentation of a sequence entry':
    case 'end of the stream or a document separator is expected':
      return unexpected(text, reason, stopped)
    case 'can not read a block mapping entry; a multiline key may not be an implicit key':
    case 'can not read an implicit mapping pair; a colon is missed':
      return {
        problem: NO_COLON,
        hint: noColon(text, trace.last),
        at: trace.last,
        seen: 'before last',
      }
    case 'unexpected end of the stream within a double quoted scalar':
    case 'unexpected end of the stream within a single quoted scalar':
      return {
        problem: 'found unexpected end of stream',
        hint: 'the quote that opens here is not closed',
        at: trace.open,
        seen: 'last',
      }
    case 'unexpected end of the stream within a flow collection':
      return unclosed(text, trace)
    case 'missed comma between flow collection entries':
      return { problem: "did not find expected ',' or ']'", hint: flow(text, trace), seen: 'last' }
    case 'name of an alias node must contain at least one character':
      return {
        problem: 'did not find expected alphabetic or numeric character',
        hint: 'text that begins with * needs quotes around it',
        at: trace.open,
        seen: 'last',
      }
    default:
      return byPattern(reason, trace)
  }
}

/** The text ends within brackets: behind one that opens or a comma an entry is missing, else a bracket. */
function unclosed(text: string, { last, open }: Trace): Diagnosis {
  const hint = 'a bracket that was opened is not closed'
  const end = lastSeen(text)
  const opens = /[[{]/.test(text[end] ?? '')
  if (opens || text[end] === ',') {
    const problem = 'did not find expected node content'
    return { problem, hint, at: opens ? end : open, seen: opens ? 'here' : 'last' }
  }
  const bracket = text[open] === '{' ? '}' : ']'
  return { problem: `did not find expected ',' or '${bracket}'`, hint, at: last, seen: 'last' }
}

/** Where the last character stands that is neither blank nor in a comment. */
function lastSeen(text: string): number {
  let end = text.length
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(start, end)
    const comment = line.search(/(?:^|\s)#/)
    const seen = (comment < 0 ? line : line.slice(0, comment)).trimEnd()
    if (seen !== '') return start + seen.length - 1
    end = start - 1
  }
  return 0
}

const TAB_IN_SCALAR = 'found a tab character that violates indentation'

function unexpected(text: string, reason: string, stopped: number): Diagnosis {
  const found = text[stopped] ?? ''
  if (/[@%`]/.test(found)) {
    const hint = `text that begins with ${found} needs quotes around it`
    return { problem: NO_START, hint, seen: 'last' }
  }
  if (found === '\t') return { problem: NO_START, hint: 'a tab: use spaces', seen: 'last' }
  if (found === ':') {
    return {
      problem: 'mapping values are not allowed in this context',
      hint: 'text with a colon and a space needs quotes around it; otherwise the indentation is wrong',
      seen: 'last',
    }
  }
  if (reason.startsWith('end of')) {
    return { problem: 'did not find expected <document start>', hint: INDENTATION, seen: 'here' }
  }
  if (/^-[^\s-]/.test(text.slice(stopped, stopped + 2))) {
    const hint = 'put a space after the dash'
    return { problem: "did not find expected '-' indicator", hint, seen: 'here' }
  }
  const isInList = reason.includes('sequence') && !isIndentless(text, stopped)
  const problem = isInList ? "did not find expected '-' indicator" : 'did not find expected key'
  // A line further in than the one before belongs to its block; one further out has ended that, which is an event.
  return { problem, hint: INDENTATION, seen: isFurtherIn(text, stopped) ? 'last' : 'here' }
}

function byPattern(reason: string, trace: Trace): Diagnosis {
  const alias = /^unidentified alias "(.*)"$/s.exec(reason)?.[1]
  if (alias !== undefined) {
    return {
      problem: `invalid reference: ${alias}`,
      hint: 'there is no such anchor before it; text that begins with * needs quotes around it',
      at: trace.open,
      seen: 'here',
    }
  }
  if (reason.includes(' tag ')) {
    const hint = 'text that begins with ! needs quotes around it'
    return { problem: reason, hint, at: trace.open, seen: 'here' }
  }
  return { problem: reason, seen: 'here' }
}

function noColon(text: string, at: number): string {
  const line = /^[^\r\n]*/.exec(text.slice(at, at + 200))?.[0] ?? ''
  if (/^["']/.test(line)) return 'after a text in quotes there should be a colon, or nothing'
  return /^[\w.-]+:\S/.test(line)
    ? 'put a space after the colon'
    : 'a key needs a colon and a space after it'
}

function flow(text: string, { open }: Trace): string {
  return /^[[{][[{]/.test(text.slice(open, open + 2)) || text[open - 1] === '{'
    ? 'text that begins with { needs quotes around it'
    : 'a comma or a closing bracket is missing'
}

/** Whether the line before ends in text without quotes, which may go on in this one. */
function continuesScalar(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 400), offset).trimEnd()
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1)
  return !/(?:[:\-|>"'\]}]|\s#.*|^#.*)$/.test(line) && line !== ''
}

/** Whether the line begins further in than what the line before says after its dashes. */
function isFurtherIn(text: string, offset: number): boolean {
  const lines = text.slice(Math.max(0, offset - 10_000), offset).split(/\r\n|\n|\r/)
  const column = (lines.pop() ?? '').length
  const before = lines.findLast((line) => /^\s*[^\s#]/.test(line)) ?? ''
  return column > before.search(/(?!-\s)[^ ]/)
}

/** Whether the list that the line stands in begins right below its key, not further in. */
function isIndentless(text: string, offset: number): boolean {
  const lines = text.slice(Math.max(0, offset - 100_000), offset).split(/\r\n|\n|\r/)
  const column = (lines.pop() ?? '').length
  let dash: number | undefined
  for (const line of lines.reverse()) {
    const indent = line.search(/[^ ]/)
    if (indent < 0 || line[indent] === '#') continue
    const isEntry = /^ *-(?: |$)/.test(line)
    if (dash === undefined) dash = isEntry && indent < column ? indent : undefined
    else if (!isEntry && indent <= dash) return indent === dash
  }
  return false
}
