// Requests made up for a route: each meets all that the route asks for.
import type { Route } from '../model/entities.js'
import { HeaderList } from '../util/header-list.js'
import { normalizePath } from '../util/path.js'
import { parseRegex } from '../util/regex/regex-parser.js'
import { sampleOf } from '../util/regex/regex-sample.js'
import { parseNamePattern, portColon } from './compatible/name-pattern.js'
import type { QuestionOrigin, RouteQuestion } from './contract.js'

/** One way to meet a route: one of each of its lists; null where it takes anything. */
export interface Choice {
  readonly path: string | null
  readonly host: string | null
  readonly method: string | null
}

/** What stands where the route takes anything. */
export interface Filler {
  readonly method: string
  readonly host: string
  /** A label of a host, for a wildcard. */
  readonly label: string
  /** What may follow a plain path. */
  readonly rest: string
}

/** What a person would try. */
export const USUAL: Filler = { method: 'GET', host: 'any.test', label: 'any', rest: '' }

/** What no other route asks for by chance, so that nothing narrower comes between. */
export const ODD: Filler = {
  method: 'GW-LINT',
  host: 'gw-lint.invalid',
  label: 'gw-lint',
  rest: '~gw-lint',
}

/** Classic routes do not ask. */
const NOWHERE: QuestionOrigin = { clientIp: '', querySuffix: '' }

/** Null where no text is found that a regular expression matches. */
export function exampleFor(route: Route, choice: Choice, filler: Filler): RouteQuestion | null {
  const path = pathFor(choice.path, filler)
  const headers = headersFor(route)
  if (path === null || headers === null) return null
  const [sni] = route.snis ?? []
  return {
    method: choice.method ?? filler.method,
    host: choice.host === null ? filler.host : nameFor(choice.host, filler.label),
    path,
    headers,
    // Nobody's port: a route for `name:80` is not meant by `name`.
    port: 0,
    secure: sni !== undefined,
    serverName: sni === undefined ? '' : nameFor(sni.replace(/\.$/, ''), filler.label),
    origin: NOWHERE,
  }
}

function pathFor(path: string | null, filler: Filler): string | null {
  if (path === null) return `/${filler.rest}`
  const text = path.startsWith('~') ? sampleOf(parseRegex(path.slice(1))) : path + filler.rest
  // A path with a query, or one that would arrive in another form, is no path of a request.
  const isPath = text?.startsWith('/') === true && !text.includes('?')
  return isPath && normalizePath(text) === text ? text : null
}

function nameFor(pattern: string, label: string): string {
  const colon = portColon(pattern)
  const port = colon < 0 ? '' : pattern.slice(colon)
  const { kind, text } = parseNamePattern(colon < 0 ? pattern : pattern.slice(0, colon))
  const name = kind === 'exact' ? text : kind === 'suffix' ? label + text : text + label
  return name + port
}

function headersFor({ headers }: Route): HeaderList | null {
  const list = new HeaderList()
  for (const [name, [value = '']] of Object.entries(headers ?? {})) {
    const text = value.startsWith('~*') ? sampleOf(parseRegex(value.slice(2).toLowerCase())) : value
    // No client could send it.
    if (text === null || /[\r\n\0]/.test(text)) return null
    list.add(name.toLowerCase(), text)
  }
  return list
}

/** `GET http://a.test/x`, with the headers that matter: `GET http://a.test/x with x-env: prod`. */
export function describeExample({ method, host, path, headers, secure }: RouteQuestion): string {
  const lines = [...headers.entries()].map(([name, value]) => `${name}: ${value}`)
  const also = lines.length === 0 ? '' : ` with ${lines.join(', ')}`
  return `${method} ${secure ? 'https' : 'http'}://${host}${path}${also}`
}
