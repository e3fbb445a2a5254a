// What an upstream needs beyond its schema: the algorithm goes with what is hashed, and each input of the hash with
// the field that names it.
import type { Fields } from './collection.js'
import type { Report } from '../faults.js'
import { reportCondition } from './rules.js'

/** Kong: the two fields change one another, in this order, whatever the file says. */
export function readUpstream(fields: Fields): boolean {
  const { algorithm, hash_on: hashOn } = fields
  if (algorithm === 'least-connections' || algorithm === 'latency') fields.hash_on = 'none'
  else if (typeof hashOn === 'string') {
    fields.algorithm = hashOn === 'none' ? 'round-robin' : 'consistent-hashing'
  }
  return true
}

/** By input of the hash: the fields that name it where it is the first choice and where it is the second. */
const NAMED_BY = new Map<unknown, readonly [on: string, fallback: string]>([
  ['header', ['hash_on_header', 'hash_fallback_header']],
  ['cookie', ['hash_on_cookie', 'hash_on_cookie']],
  ['query_arg', ['hash_on_query_arg', 'hash_fallback_query_arg']],
  ['uri_capture', ['hash_on_uri_capture', 'hash_fallback_uri_capture']],
])

/** What hash_fallback may be, by hash_on; anything where that is not listed. */
const FALLBACKS = new Map<unknown, readonly string[]>([
  ['none', ['none']],
  ['cookie', ['none']],
  ['consumer', ['none', 'ip', 'header', 'cookie', 'path', 'query_arg', 'uri_capture']],
  ['ip', ['none', 'consumer', 'header', 'cookie', 'path', 'query_arg', 'uri_capture']],
  ['path', ['none', 'consumer', 'header', 'cookie', 'query_arg', 'ip', 'uri_capture']],
])
const INPUTS = new Set<unknown>([...FALLBACKS.keys(), ...NAMED_BY.keys()])

const DISTINCT = [
  ['hash_on_header', 'hash_fallback_header'],
  ['hash_on_query_arg', 'hash_fallback_query_arg'],
  ['hash_on_uri_capture', 'hash_fallback_uri_capture'],
] as const

export function checkUpstream(fields: Fields, report: Report): void {
  const { hash_on: on, hash_fallback: fallback } = fields
  const [onField] = NAMED_BY.get(on) ?? []
  const [, fallbackField] = NAMED_BY.get(fallback) ?? []
  mustBeSet(fields, 'hash_on', onField, report)
  // One field names the cookie of both: missing is missing once.
  if (fallbackField !== onField) mustBeSet(fields, 'hash_fallback', fallbackField, report)
  const allowed = FALLBACKS.get(on)
  // What is no input at all has been found by the schema.
  if (allowed !== undefined && INPUTS.has(fallback) && !allowed.includes(String(fallback))) {
    reportCondition(report, 'hash_on', 'hash_fallback', `expected one of: ${allowed.join(', ')}`)
  }
  for (const [one, other] of DISTINCT) {
    if ((fields[one] ?? null) === null || fields[one] !== fields[other]) continue
    const message = `values of these fields must be distinct: '${one}', '${other}'`
    report({ path: [], message, place: [other] })
  }
}

function mustBeSet(fields: Fields, given: string, field: string | undefined, report: Report): void {
  if (field === undefined || (fields[field] ?? null) !== null) return
  reportCondition(report, given, field, 'required field missing')
}
