// What a service needs beyond its schema: the shorthand `url`, and rules across fields.
import type { CheckContext, Fields } from './collection.js'
import type { Report } from '../faults.js'
import { reportCondition } from './rules.js'

const URL_FIELDS = ['protocol', 'host', 'port', 'path'] as const

/** `url` replaces protocol, host, port and path, and wins over them. */
export function readService(fields: Fields, report: Report): boolean {
  const { url } = fields
  delete fields.url
  if (url === undefined || url === null) return true
  if (typeof url !== 'string') {
    report({ path: ['url'], message: 'expected a string' })
    // Kong goes on without the four; what they lack is then no fault of its own.
    for (const field of URL_FIELDS) Reflect.deleteProperty(fields, field)
    fields.host = 'unknown'
    return true
  }
  const { port, ...rest } = splitUrl(url)
  Object.assign(fields, rest)
  const usual = rest.protocol === 'https' ? 443 : 80
  // What is no number stays as it is, for the schema to refuse.
  fields.port = port === null ? usual : /^[0-9]+$/.test(port) ? Number(port) : port
  if (rest.host === null) delete fields.host
  return true
}

interface UrlParts {
  readonly protocol: string
  readonly host: string | null
  readonly path: string | null
  /** As written; null when there is none. */
  readonly port: string | null
}

/** Splits as Kong does (LuaSocket): query, fragment, path parameters and user information are dropped. */
export function splitUrl(url: string): UrlParts {
  let rest = url.replace(/#.*$/s, '')
  const scheme = /^([A-Za-z0-9][A-Za-z0-9+.-]*):/.exec(rest)
  if (scheme !== null) rest = rest.slice(scheme[0].length)
  const written = /^\/\/([^/]*)/.exec(rest)
  if (written !== null) rest = rest.slice(written[0].length)
  const path = rest.replace(/\?.*$/s, '').replace(/;.*$/s, '')
  const authority = (written?.[1] ?? '').replace(/^[^@]*@/, '')
  const port = /:([^:\]]*)$/.exec(authority)?.[1] ?? null
  const host = authority.replace(/:[^:\]]*$/, '').replace(/^\[(.*)\]$/, '$1')
  return {
    protocol: scheme?.[1] ?? (port === '443' ? 'https' : 'http'),
    host: host === '' ? null : host,
    path: path === '' ? null : path,
    port,
  }
}

const WITHOUT_PATH = new Set<unknown>(['tcp', 'tls', 'udp', 'grpc', 'grpcs'])
const WITH_TLS = new Set<unknown>(['https', 'tls'])
const TLS_FIELDS = ['tls_verify', 'tls_verify_depth', 'ca_certificates'] as const

export function checkService(fields: Fields, report: Report, { links }: CheckContext): void {
  const mustBeNull = (field: string) => {
    reportCondition(report, 'protocol', field, 'value must be null')
  }
  if (WITHOUT_PATH.has(fields.protocol) && (fields.path ?? null) !== null) mustBeNull('path')
  if (WITH_TLS.has(fields.protocol)) return
  if (links.has('client_certificate')) mustBeNull('client_certificate')
  for (const field of TLS_FIELDS) {
    if ((fields[field] ?? null) !== null) mustBeNull(field)
  }
}
