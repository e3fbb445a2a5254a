// What a request is looked up by, and the key of that which Kong shows. Kong's text leaves room for two requests with one
// key (`?a=1%3Ab=2` and `?a=1&b=2`), with which one client could have another served the wrong answer; so what is looked
// up is a text without that room, and the key only its name.
import { createHash } from 'node:crypto'
import { headerSpellings, valuesOf, type AccessContext } from 'gw/plugin'

export interface KeyRules {
  readonly ignoresCase: boolean
  /** Null for all arguments. */
  readonly arguments: readonly string[] | null
  readonly headers: readonly VaryHeader[]
}

export interface VaryHeader {
  readonly name: string
  readonly spellings: readonly string[]
}

export interface CacheKey {
  /** Unlike for any two requests that must not share an answer. */
  readonly identity: string
  /** Kong's text, whose hash is the key that is shown. */
  readonly text: string
}

type Value = string | true
type Field = readonly [name: string, values: readonly Value[]]

export function varyHeader(name: string): VaryHeader {
  return { name, spellings: headerSpellings(name) }
}

/** HOT PATH */
export function cacheKey(ctx: AccessContext, rules: KeyRules): CacheKey {
  const { request, route, consumer } = ctx
  const prefix = prefixOf(consumer?.id, route?.id)
  const line = requestLine(ctx)
  const uri = rules.ignoresCase ? line.toLowerCase() : line
  const query = argumentsOf(ctx, rules.arguments)
  const headers = headersOf(ctx, rules.headers)
  const text = `${prefix}|${request.method}|${uri}|${textOf(query)}|${textOf(headers)}`
  const isClear = !uri.includes('|') && query.every(isClearField) && headers.every(isClearField)
  // The one begins with an id, the other with a bracket: they are never the same.
  return { identity: isClear ? text : JSON.stringify([prefix, uri, query, headers]), text }
}

/** 64 characters. */
export function digestOf({ text }: CacheKey): string {
  return createHash('sha256').update(text).digest('hex')
}

function prefixOf(consumerId: string | undefined, routeId = 'default'): string {
  return consumerId === undefined ? routeId : `${consumerId}:${routeId}`
}

/** Kong: the request line up to the question mark. Without a query its end stays, the version. */
function requestLine({ request }: AccessContext): string {
  const { method, target } = request
  const mark = target.indexOf('?')
  return mark < 0
    ? `${method} ${target} HTTP/${request.httpVersion}`
    : `${method} ${target.slice(0, mark)}`
}

const NO_FIELDS: readonly Field[] = []

function argumentsOf(
  { request }: AccessContext,
  wanted: readonly string[] | null,
): readonly Field[] {
  const { query } = request
  if (query.text === '') return NO_FIELDS
  const names = wanted ?? [...query.names()].sort()
  return names.flatMap((name) => fieldOf(name, query.getAll(name)))
}

function headersOf({ request }: AccessContext, wanted: readonly VaryHeader[]): readonly Field[] {
  if (wanted.length === 0) return NO_FIELDS
  return wanted.flatMap(({ name, spellings }) => {
    const values = valuesOf(request.headers, spellings)
    return fieldOf(name, typeof values === 'string' ? [values] : (values ?? []))
  })
}

/** Kong sorts the values of what is repeated. */
function fieldOf(name: string, values: readonly Value[]): Field[] {
  if (values.length === 0) return []
  return [[name, values.length === 1 ? values : [...values].sort(byText)]]
}

function byText(a: Value, b: Value): number {
  const [one, other] = [String(a), String(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

function textOf(fields: readonly Field[]): string {
  let text = ''
  for (const [name, values] of fields) {
    if (text !== '') text += ':'
    const [first] = values
    text += values.length === 1 && first === true ? name : `${name}=${values.join(',')}`
  }
  return text
}

/** Whether its text can be that of nothing else. */
function isClearField([name, values]: Field): boolean {
  const [first = ''] = values
  return values.length === 1 && !/[=:|]/.test(name) && (first === true || !/[:|,]/.test(first))
}
