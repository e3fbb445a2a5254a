// The configuration made ready at load: names and templates of each section, and what a request can skip.
import { BeyondExpressions } from '../../util/lua/run/expression.js'
import { bytesOf } from '../../util/lua/run/values.js'
import type { BodyKind } from '../body-fields.js'
import { ConfigFault, UnsupportedFault } from '../config-fault.js'
import { fieldOf, type Rule } from '../rules/rules.js'
import { compileTemplate, type Template } from '../template.js'
import { jsonPath, type JsonPath } from './json-path.js'
import { namedValue } from './named-value.js'
import type { ValueType } from './typed-value.js'

type Lists = Readonly<Record<Part, readonly string[]>>
type Values = Lists & { readonly json_types?: readonly ValueType[] }

/** What the configurations of the plugins that change requests say. */
export interface RequestConfig {
  readonly http_method?: string
  readonly remove: Lists
  readonly rename: Lists
  readonly replace: Values & { readonly uri?: string }
  readonly add: Values
  readonly append: Values
  readonly allow?: { readonly body?: readonly string[] }
  /** Left out: true. */
  readonly dots_in_keys?: boolean
}

type Part = 'headers' | 'querystring' | 'body'

export interface Pair {
  readonly name: string
  /** The same as UTF-8, one character for each byte. */
  readonly nameBytes: string
  /** Where a JSON body has it. */
  readonly path: JsonPath
  readonly template: Template
  /** What the value becomes in a JSON body. */
  readonly type: ValueType
}

/** What is to be done to headers, query or body, in the order in which it is done. */
export interface Section {
  readonly remove: readonly Pair[]
  readonly rename: readonly Pair[]
  readonly replace: readonly Pair[]
  readonly add: readonly Pair[]
  readonly append: readonly Pair[]
}

export interface BodySection extends Section {
  /** All fields that may be left; null for any. */
  readonly allow: Allowed | null
  /** A JSON list has members that paths lead to. */
  readonly takesLists: boolean
}

/** Names of fields, by the ways that bodies of different types have them. */
interface Allowed {
  readonly names: ReadonlySet<string>
  readonly namesBytes: ReadonlySet<string>
  readonly paths: readonly JsonPath[]
}

export interface RequestPlan {
  readonly uri: Template | null
  readonly method: string | null
  /** The method has no body: fields of a form go into the query, too. */
  readonly movesForm: boolean
  readonly headers: Section | null
  readonly body: BodySection | null
  /** What a Content-Type promises. */
  readonly kindOf: (contentType: string | undefined) => BodyKind | null
  readonly query: Section | null
  /** Templates look at headers before those change, and again behind that. */
  readonly keepsHeaders: boolean
}

/** Kong: the type may stand anywhere in the header. */
export function requestBodyKind(contentType: string | undefined): BodyKind | null {
  const type = contentType?.toLowerCase() ?? ''
  if (type.includes('application/json')) return 'json'
  if (type.includes('multipart/form-data')) return 'multipart'
  return type.includes('application/x-www-form-urlencoded') ? 'form' : null
}

/** nginx: those that it can send on. */
const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'MKCOL', 'COPY', 'MOVE'],
  ...['PROPFIND', 'PROPPATCH', 'LOCK', 'UNLOCK'],
])

export function isKnownMethod(method: string): boolean {
  return METHODS.has(method)
}

export function requestPlan(
  config: RequestConfig,
  kindOf: RequestPlan['kindOf'] = requestBodyKind,
): RequestPlan {
  const { uri } = config.replace
  const method = config.http_method ?? null
  const use = {
    uri: uri === undefined ? null : runtimeTemplate(uri, 'replace.uri'),
    method,
    movesForm: method === 'GET' || method === 'HEAD' || method === 'TRACE',
    headers: sectionOf(config, 'headers'),
    body: bodySectionOf(config),
    query: sectionOf(config, 'querystring'),
    kindOf,
  }
  const early = [...(use.uri === null ? [] : [use.uri]), ...templatesOf(use.headers)]
  const late = [...templatesOf(use.body), ...templatesOf(use.query)]
  const lookAtHeaders = (template: Template): boolean => template.mentions('headers')
  return { ...use, keepsHeaders: early.some(lookAtHeaders) && late.some(lookAtHeaders) }
}

/** Null when there is nothing to do. */
function sectionOf(config: RequestConfig, part: Part): Section | null {
  const section = {
    // Kong: what stands behind the name is ignored.
    remove: config.remove[part].map((entry) => pairOf(config, part, namedValue(entry).name)),
    rename: pairsOf(config, 'rename', part),
    replace: pairsOf(config, 'replace', part),
    add: pairsOf(config, 'add', part),
    append: pairsOf(config, 'append', part),
  }
  return Object.values(section).some((pairs) => pairs.length > 0) ? section : null
}

const NO_PAIRS: readonly Pair[] = []
const NOTHING: Section = {
  remove: NO_PAIRS,
  rename: NO_PAIRS,
  replace: NO_PAIRS,
  add: NO_PAIRS,
  append: NO_PAIRS,
}

function bodySectionOf(config: RequestConfig): BodySection | null {
  const section = sectionOf(config, 'body')
  const allow = allowedIn(config)
  if (section === null && allow === null) return null
  const takesLists = config.dots_in_keys === false || allow !== null
  return { ...(section ?? NOTHING), allow, takesLists }
}

function allowedIn(config: RequestConfig): Allowed | null {
  const pairs = (config.allow?.body ?? []).map((name) => pairOf(config, 'body', name))
  if (pairs.length === 0) return null
  return {
    names: new Set(pairs.map(({ name }) => name)),
    namesBytes: new Set(pairs.map(({ nameBytes }) => nameBytes)),
    paths: pairs.map(({ path }) => path),
  }
}

function pairsOf(
  config: RequestConfig,
  step: 'rename' | 'replace' | 'add' | 'append',
  part: Part,
): Pair[] {
  const types = step === 'rename' ? undefined : config[step].json_types
  return config[step][part].flatMap((entry, i) => {
    const { name, value } = namedValue(entry)
    // Kong: without a value nothing is set, and nothing taken away.
    if (value === '') return []
    const template = runtimeTemplate(value, `${step}.${part}[${String(i)}]`)
    return [{ ...pairOf(config, part, name), template, type: types?.[i] ?? 'string' }]
  })
}

const EMPTY_TEMPLATE = compileTemplate('')

function pairOf(
  { dots_in_keys: dotsInKeys = true }: RequestConfig,
  part: Part,
  name: string,
): Pair {
  const key = part === 'headers' ? name.toLowerCase() : name
  return {
    name: key,
    nameBytes: bytesOf(key),
    path: jsonPath(key, dotsInKeys),
    template: EMPTY_TEMPLATE,
    type: 'string',
  }
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
export const requestTemplatesAreRight: Rule = {
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
