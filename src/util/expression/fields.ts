// The fields that an expression may ask for, and the types of their values.
import type { Comparison, Field } from './tree.js'

export type FieldType = Comparison['type']

/** Routes for HTTP know more of a request than those for streams. */
export type Subsystem = 'http' | 'stream'

interface Known {
  readonly field: Field
  readonly type: FieldType
}

const EVERYWHERE: Readonly<Record<string, Known>> = {
  'net.protocol': { field: { kind: 'protocol' }, type: 'text' },
  'tls.sni': { field: { kind: 'serverName' }, type: 'text' },
  'net.src.ip': { field: { kind: 'sourceAddress' }, type: 'address' },
  'net.src.port': { field: { kind: 'sourcePort' }, type: 'number' },
  'net.dst.ip': { field: { kind: 'destinationAddress' }, type: 'address' },
  'net.dst.port': { field: { kind: 'destinationPort' }, type: 'number' },
}

const HTTP: Readonly<Record<string, Known>> = {
  'http.method': { field: { kind: 'method' }, type: 'text' },
  'http.host': { field: { kind: 'host' }, type: 'text' },
  'http.path': { field: { kind: 'path' }, type: 'text' },
  'http.path.segments.len': { field: { kind: 'segmentCount' }, type: 'number' },
  // Its old name.
  'net.port': { field: { kind: 'destinationPort' }, type: 'number' },
}

const SEGMENTS = 'http.path.segments.'
const SEGMENT_RANGE = /^(\d{1,4})(?:_(\d{1,4}))?$/
const NAMED = /^http\.(headers|queries)\.(.+)$/

/** @returns what is wrong, as text, where there is no such field */
export function findField(name: string, subsystem: Subsystem): Known | string {
  const known = knownField(name, subsystem)
  if (known !== undefined) return known
  if (subsystem === 'stream') return `Unknown LHS field ${name}`
  if (name.startsWith(SEGMENTS)) return segments(name)
  const [, list, rest = ''] = NAMED.exec(name) ?? []
  if (list === undefined) return `Unknown LHS field ${name}`
  // Identifiers have no dashes.
  const field: Field =
    list === 'headers'
      ? { kind: 'header', name: rest.replaceAll('_', '-') }
      : { kind: 'query', name: rest }
  return { field, type: 'text' }
}

function knownField(name: string, subsystem: Subsystem): Known | undefined {
  if (Object.hasOwn(EVERYWHERE, name)) return EVERYWHERE[name]
  return subsystem === 'http' && Object.hasOwn(HTTP, name) ? HTTP[name] : undefined
}

function segments(name: string): Known | string {
  const [range, first, last = first] = SEGMENT_RANGE.exec(name.slice(SEGMENTS.length)) ?? []
  const from = Number(first)
  const to = Number(last)
  if (range === undefined || to < from) return `illformed http.path.segments.* field ${name}`
  return { field: { kind: 'segments', from, to }, type: 'text' }
}
