// What a route needs beyond its schema: which fields go with which protocols.
import { PROTOCOLS } from '../../../schemas/common.js'
import { parseExpression } from '../../util/expression/parser.js'
import { ExpressionError } from '../../util/expression/tree.js'
import { pcreFault, regexFault, type RegexDialect } from '../../util/regex/regex.js'
import type { CheckContext, Fields } from './collection.js'
import type { Report } from '../faults.js'
import { isRecord } from '../settle.js'

interface Family {
  readonly protocols: readonly string[]
  /** How Kong names the family in `cannot set ...`. */
  readonly title: string
  readonly forbidden: readonly string[]
}

const STREAM_FORBIDDEN = ['methods', 'hosts', 'paths', 'headers'] as const
const STREAM_TITLE = "'tcp', 'tls', 'tls_passthrough' or 'udp'"
const ADDRESSES: readonly string[] = ['sources', 'destinations']
const CLASSIC_MATCHERS = [
  'methods',
  'hosts',
  'paths',
  'headers',
  'snis',
  'sources',
  'destinations',
] as const
const FAMILIES: readonly Family[] = [
  {
    protocols: ['http', 'https'],
    title: "'http' or 'https'",
    forbidden: ['sources', 'destinations'],
  },
  { protocols: ['tcp', 'tls', 'udp'], title: STREAM_TITLE, forbidden: STREAM_FORBIDDEN },
  { protocols: ['tls_passthrough'], title: STREAM_TITLE, forbidden: STREAM_FORBIDDEN },
  {
    protocols: ['grpc', 'grpcs'],
    title: "'grpc' or 'grpcs'",
    forbidden: ['methods', 'sources', 'destinations'],
  },
]

/** Kong's rules for a route hang on the first of its protocols; without a known one it says no more. */
export function readRoute(fields: Fields, report: Report): boolean {
  const first = firstProtocol(fields.protocols)
  if (first === undefined) return true
  const family = FAMILIES.find(({ protocols }) => protocols.includes(first))
  if (family === undefined) {
    report({ path: ['protocols'], message: `unknown type: ${first}` })
    return false
  }
  // strip_path is true by default but for gRPC, where the path names the method and must arrive whole.
  if (family.protocols.includes('grpc') && fields.strip_path === undefined) {
    fields.strip_path = false
  }
  return true
}

function firstProtocol(protocols: unknown): string | undefined {
  const first: unknown = Array.isArray(protocols) ? protocols[0] : undefined
  return typeof first === 'string' ? first : undefined
}

export function checkRoute(fields: Fields, report: Report, { routerFlavour }: CheckContext): void {
  const first = firstProtocol(fields.protocols)
  const family = FAMILIES.find(({ protocols }) => first !== undefined && protocols.includes(first))
  if (family === undefined || !Array.isArray(fields.protocols)) return
  const protocols = new Set<unknown>(fields.protocols)
  checkOneFamily(protocols, report)
  if (routerFlavour === 'expressions') checkExpression(fields, report)
  if (routerFlavour === 'traditional') refuseWildcards(fields.snis, report)
  for (const field of family.forbidden) {
    // There addresses take part in matching requests as well.
    if (routerFlavour === 'expressions' && ADDRESSES.includes(field)) continue
    if (isSet(fields[field])) {
      report({
        path: [field],
        message: `cannot set '${field}' when 'protocols' is ${family.title}`,
      })
    }
  }
  if (family.protocols.includes('grpc') && fields.strip_path === true) {
    report({
      path: ['strip_path'],
      message: `cannot set 'strip_path' when 'protocols' is ${family.title}`,
    })
  }
  if (
    isSet(fields.snis) &&
    !['grpcs', 'https', 'tls', 'tls_passthrough'].some((p) => protocols.has(p))
  ) {
    report({
      path: ['snis'],
      message:
        "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
    })
  }
  if (!isSet(fields.expression)) checkMatchers(fields, protocols, report)
  const dialect = routerFlavour === 'traditional' ? 'pcre' : 'rust'
  checkPathPatterns(fields.paths, dialect, report)
  checkHeaderPatterns(fields.headers, dialect, report)
}

/** A route is written in one way (kong/db/schema/entities/routes.lua, validate_expression). */
function checkExpression(fields: Fields, report: Report): void {
  const refuse = (message: string, place: string) => {
    report({ path: [], place: [place], message: `Router Expression failed validation: ${message}` })
  }
  const classic = CLASSIC_MATCHERS.find((field) => isSet(fields[field]))
  const list = "'methods', 'hosts', 'paths', 'headers', 'snis', 'sources' or 'destinations'"
  if (isSet(fields.expression)) {
    checkLanguage(fields, refuse)
    if (classic !== undefined) {
      refuse(`cannot set 'expression' with ${list} simultaneously`, 'expression')
    }
    if (isSet(fields.regex_priority) && fields.regex_priority !== 0) {
      refuse("cannot set 'regex_priority' with 'expression' simultaneously", 'regex_priority')
    }
  } else if (classic !== undefined && isSet(fields.priority) && fields.priority !== 0) {
    refuse(`cannot set 'priority' with ${list} simultaneously`, 'priority')
  }
}

function checkLanguage(fields: Fields, refuse: (message: string, place: string) => void): void {
  const { expression, protocols } = fields
  if (typeof expression !== 'string') return
  const first = firstProtocol(protocols) ?? ''
  try {
    parseExpression(expression, /^(?:http|grpc)/.test(first) ? 'http' : 'stream')
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    refuse(error.message, 'expression')
  }
}

function refuseWildcards(snis: unknown, report: Report): void {
  if (!Array.isArray(snis)) return
  for (const [index, sni] of snis.entries()) {
    if (typeof sni !== 'string' || !sni.includes('*')) continue
    report({ path: ['snis', index], message: `invalid value: ${sni}` })
  }
}

/** What PCRE refuses, the schema has found; Kong's other engine takes less than PCRE does. */
function checkPathPatterns(paths: unknown, dialect: RegexDialect, report: Report): void {
  for (const [index, path] of (Array.isArray(paths) ? paths : []).entries()) {
    if (typeof path !== 'string' || !path.startsWith('~/')) continue
    const source = path.slice(1)
    const fault = regexFault(source, dialect)
    if (fault === undefined || pcreFault(source) !== undefined) continue
    report({ path: ['paths', index], message: `${REFUSED[dialect]} '${source}': ${fault}` })
  }
}

const REFUSED: Readonly<Record<RegexDialect, string>> = {
  rust: 'Router Expression failed validation: invalid regex',
  pcre: 'cannot carry over the regex',
}

/** A single value that begins with `~*` is a regular expression (router.md, 3). */
function checkHeaderPatterns(headers: unknown, dialect: RegexDialect, report: Report): void {
  if (!isRecord(headers)) return
  for (const [name, values] of Object.entries(headers)) {
    const [value, ...others] = Array.isArray(values) ? (values as readonly unknown[]) : []
    if (typeof value !== 'string' || others.length > 0 || !value.startsWith('~*')) continue
    const source = value.slice(2)
    // In lower case, as it is compared.
    const fault = regexFault(dialect === 'rust' ? source.toLowerCase() : source, dialect)
    if (fault === undefined) continue
    const message = `${REFUSED[dialect]} '${value}': ${fault}`
    report({ path: ['headers', name, 0], message })
  }
}

function checkOneFamily(protocols: ReadonlySet<unknown>, report: Report): void {
  // What is no protocol at all has been found by the schema.
  const known = PROTOCOLS.filter((protocol) => protocols.has(protocol))
  const [first] = known
  const family = FAMILIES.find((one) => first !== undefined && one.protocols.includes(first))
  if (known.every((protocol) => family?.protocols.includes(protocol))) return
  const sets = FAMILIES.map((one) => `('${one.protocols.join("', '")}')`).join(', ')
  report({ path: ['protocols'], message: `these sets are mutually exclusive: ${sets}` })
}

/** A route must say something about the requests it wants. */
function checkMatchers(fields: Fields, protocols: ReadonlySet<unknown>, report: Report): void {
  const demand = matchersFor(protocols)
  if (demand === undefined || demand.oneOf.some((field) => isSet(fields[field]))) return
  const list = demand.oneOf.map((field) => `'${field}'`).join(', ')
  const what = demand.oneOf.length === 1 ? 'snis' : `one of ${list}`
  report({ path: [], message: `must set ${what} when 'protocols' is ${demand.title}` })
}

function matchersFor(
  protocols: ReadonlySet<unknown>,
): { readonly oneOf: readonly string[]; readonly title: string } | undefined {
  const http = ['methods', 'hosts', 'headers', 'paths']
  const grpc = ['hosts', 'headers', 'paths']
  if (protocols.has('https')) return { oneOf: [...http, 'snis'], title: "'https'" }
  if (protocols.has('http')) return { oneOf: http, title: "'http'" }
  if (protocols.has('grpcs')) return { oneOf: [...grpc, 'snis'], title: "'grpcs'" }
  if (protocols.has('grpc')) return { oneOf: grpc, title: "'grpc'" }
  if (protocols.has('tls_passthrough')) return { oneOf: ['snis'], title: "'tls_passthrough'" }
  return { oneOf: ['sources', 'destinations', 'snis'], title: "'tcp', 'tls' or 'udp'" }
}

/** Kong counts an empty list or map as not set. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return value !== undefined && value !== null
}
