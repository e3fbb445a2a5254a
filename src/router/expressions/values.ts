// What a request has in the fields that an expression asks for.
import { QueryString } from '../../util/query.js'
import type { Field } from '../../util/expression/tree.js'
import { portColon } from '../compatible/name-pattern.js'
import type { RouteQuestion } from '../contract.js'

/** Reads one field; undefined where the request has none, which fails whatever is asked of it. */
export type Read<T> = (question: RouteQuestion) => T | undefined

/** For a field that may have several values; null for one that has a single one. */
export function readList(field: Field): ((question: RouteQuestion) => readonly string[]) | null {
  if (field.kind === 'header') {
    const { name } = field
    return ({ headers }) => headers.getAll(name)
  }
  if (field.kind === 'query') {
    const { name } = field
    return ({ origin }) => {
      // Kong: an argument without a value has an empty one.
      const values = new QueryString(origin.querySuffix).getAll(name)
      return values.map((value) => (value === true ? '' : value))
    }
  }
  return null
}

export function readText(field: Field): Read<string> {
  switch (field.kind) {
    case 'protocol':
      return ({ secure }) => (secure ? 'https' : 'http')
    case 'serverName':
      return ({ serverName }) => serverName || undefined
    case 'method':
      return ({ method }) => method
    case 'host':
      return hostName
    case 'path':
      return ({ path }) => path
    case 'segments': {
      const { from, to } = field
      return ({ path }) => {
        const segments = segmentsOf(path)
        return to < segments.length ? segments.slice(from, to + 1).join('/') : undefined
      }
    }
    default:
      throw new TypeError(`${field.kind} has no text`)
  }
}

export function readNumber({ kind }: Field): Read<number> {
  switch (kind) {
    case 'segmentCount':
      return ({ path }) => segmentsOf(path).length
    case 'destinationPort':
      return destinationPort
    default:
      throw new TypeError(`${kind} has no number`)
  }
}

export function readAddress({ kind }: Field): Read<string> {
  if (kind !== 'sourceAddress') throw new TypeError(`${kind} has no address`)
  return ({ origin }) => origin.clientIp || undefined
}

function hostName({ host }: RouteQuestion): string | undefined {
  const colon = portColon(host)
  return (colon < 0 ? host : host.slice(0, colon)) || undefined
}

/** Kong: the port that the client has asked for, or else that of the listener. */
function destinationPort({ host, port }: RouteQuestion): number {
  const colon = portColon(host)
  return colon < 0 ? port : Number(host.slice(colon + 1))
}

// Of one request several routes ask for the segments.
let lastPath = ''
let lastSegments: readonly string[] = []

function segmentsOf(path: string): readonly string[] {
  if (path !== lastPath) {
    lastPath = path
    // A slash at the end begins no segment.
    lastSegments = path.replace(/^\/|\/$/g, '').split('/')
    if (lastSegments[0] === '') lastSegments = []
  }
  return lastSegments
}
