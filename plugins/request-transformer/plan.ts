// The configuration made ready at load: names and templates of each section, and what a request can skip.
import {
  BeyondExpressions,
  bytesOf,
  compileTemplate,
  ConfigFault,
  fieldOf,
  namedValue,
  UnsupportedFault,
  type ConfigOf,
  type Rule,
  type Template,
} from 'gw/plugin'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>
type Part = 'headers' | 'querystring' | 'body'

export interface Pair {
  readonly name: string
  /** The same as UTF-8, one character for each byte. */
  readonly nameBytes: string
  readonly template: Template
}

/** What is to be done to headers, query or body, in the order in which it is done. */
export interface Section {
  readonly remove: readonly Pair[]
  readonly rename: readonly Pair[]
  readonly replace: readonly Pair[]
  readonly add: readonly Pair[]
  readonly append: readonly Pair[]
}

export interface Use {
  readonly uri: Template | null
  readonly method: string | null
  /** The method has no body: fields of a form go into the query, too. */
  readonly movesForm: boolean
  readonly headers: Section | null
  readonly body: Section | null
  readonly query: Section | null
  /** Templates look at headers before those change, and again behind that. */
  readonly keepsHeaders: boolean
}

/** nginx: those that it can send on. */
const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'MKCOL', 'COPY', 'MOVE'],
  ...['PROPFIND', 'PROPPATCH', 'LOCK', 'UNLOCK'],
])

export function isKnownMethod(method: string): boolean {
  return METHODS.has(method)
}

export function planOf(config: Config): Use {
  const { uri } = config.replace
  const method = config.http_method ?? null
  const use = {
    uri: uri === undefined ? null : runtimeTemplate(uri, 'replace.uri'),
    method,
    movesForm: method === 'GET' || method === 'HEAD' || method === 'TRACE',
    headers: sectionOf(config, 'headers'),
    body: sectionOf(config, 'body'),
    query: sectionOf(config, 'querystring'),
  }
  const early = [...(use.uri === null ? [] : [use.uri]), ...templatesOf(use.headers)]
  const late = [...templatesOf(use.body), ...templatesOf(use.query)]
  const lookAtHeaders = (template: Template): boolean => template.mentions('headers')
  return { ...use, keepsHeaders: early.some(lookAtHeaders) && late.some(lookAtHeaders) }
}

/** Null when there is nothing to do. */
function sectionOf(config: Config, part: Part): Section | null {
  const section = {
    // Kong: what stands behind the name is ignored.
    remove: config.remove[part].map((entry) => pairOf(part, namedValue(entry).name, '', '')),
    rename: pairsOf(config, 'rename', part),
    replace: pairsOf(config, 'replace', part),
    add: pairsOf(config, 'add', part),
    append: pairsOf(config, 'append', part),
  }
  return Object.values(section).some((pairs) => pairs.length > 0) ? section : null
}

function pairsOf(
  config: Config,
  step: 'rename' | 'replace' | 'add' | 'append',
  part: Part,
): Pair[] {
  return config[step][part].flatMap((entry, i) => {
    const { name, value } = namedValue(entry)
    // Kong: without a value nothing is set, and nothing taken away.
    return value === '' ? [] : [pairOf(part, name, value, `${step}.${part}[${String(i)}]`)]
  })
}

function pairOf(part: Part, name: string, value: string, field: string): Pair {
  const key = part === 'headers' ? name.toLowerCase() : name
  return { name: key, nameBytes: bytesOf(key), template: runtimeTemplate(value, field) }
}

/** Kong: an expression that is none fails for the request, where the file has not been refused for it. */
function runtimeTemplate(value: string, field: string): Template {
  try {
    return compileTemplate(value)
  } catch (error) {
    if (error instanceof BeyondExpressions) {
      const hint = 'use names, operators, indexing and the methods of texts'
      throw new UnsupportedFault(field, `'${value}' has ${error.message}`, hint)
    }
    if (!(error instanceof SyntaxError)) throw error
    return failing(value, error.message)
  }
}

function failing(source: string, fault: string): Template {
  return {
    source,
    mentions: () => false,
    render: () => {
      throw new Error(`failed to render the template ${source}, error: ${fault}`)
    },
  }
}

function templatesOf(section: Section | null): Template[] {
  if (section === null) return []
  const { rename, replace, add, append } = section
  return [...rename, ...replace, ...add, ...append].map(({ template }) => template)
}

const CHECKED = ['rename', 'replace', 'add', 'append'].flatMap((step) =>
  ['querystring', 'body'].map((part) => `${step}.${part}`),
)

/** Kong looks at the templates of headers and of the path only when a request needs them. */
export const templatesAreRight: Rule = {
  fields: CHECKED,
  check: (config) =>
    CHECKED.flatMap((field) => {
      const entries = fieldOf(config, field)
      if (!Array.isArray(entries)) return []
      return entries.flatMap((entry, i) => faultOf(String(entry), `${field}[${String(i)}]`))
    }),
}

function faultOf(entry: string, field: string): ConfigFault[] {
  const { value } = namedValue(entry)
  try {
    compileTemplate(value)
  } catch (error) {
    if (error instanceof SyntaxError) {
      const fault = `value '${value}' is not in supported format, error:[string "TMP"]:${error.message}`
      return [new ConfigFault(field, fault, 'what stands in $(...) is a Lua expression')]
    }
    if (!(error instanceof BeyondExpressions)) throw error
  }
  return []
}
