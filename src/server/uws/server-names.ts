// The names that an app of uWebSockets.js must know beforehand, so that it shows the certificates that the store would.
import { type CertificateSet, findIn } from '../certificates/store.js'
import type { Certificate } from '../certificates/certificate.js'

export interface KnownName {
  /** As the library takes it: a `*` stands for exactly one label. */
  readonly pattern: string
  readonly certificate: Certificate
  /** For Exchange.serverName: the name, or the wildcard that stands for it; empty when it may be any. */
  readonly serverName: string
}

// The library looks at no more labels than these.
const MOST_LABELS = 10

/**
 * The library prefers, label by label from the left, what is written out to a wildcard. That is Kong's order but where
 * `*.b.test` and `a.b.*` meet: the one name that both stand for is written out for it.
 */
export function knownNames(set: CertificateSet): readonly KnownName[] {
  const patterns = new Set([...set.byName.keys(), ...set.routeNames].filter(isOfUse))
  for (const name of meetingPoints(patterns)) patterns.add(name)
  const known = Array.from(patterns, (pattern) => ({
    pattern,
    certificate: findIn(set, pattern),
    serverName: pattern,
  }))
  const any = set.byName.get('*')
  if (any === undefined) return known
  const everything = Array.from({ length: MOST_LABELS }, (_, more) => ({
    pattern: `*${'.*'.repeat(more)}`,
    certificate: any,
    serverName: '',
  }))
  return [...known, ...everything]
}

/** Kong never looks for `*.test`, so neither may the library. */
function isOfUse(pattern: string): boolean {
  return !/^\*(?:\.[^.]*)?$/.test(pattern) && pattern.split('.').length <= MOST_LABELS
}

/** `*.b.test` and `a.b.*` meet in `a.b.test`: what is between first and last label is the same. */
function meetingPoints(patterns: ReadonlySet<string>): readonly string[] {
  const ends = new Map<string, string[]>()
  for (const pattern of patterns) {
    if (!pattern.startsWith('*.')) continue
    const end = pattern.slice(1)
    const between = end.slice(0, end.lastIndexOf('.'))
    ends.set(between, [...(ends.get(between) ?? []), end])
  }
  const names: string[] = []
  for (const pattern of patterns) {
    if (!pattern.endsWith('.*')) continue
    const start = pattern.slice(0, -2)
    const dot = start.indexOf('.')
    if (dot < 0) continue
    for (const end of ends.get(start.slice(dot)) ?? []) names.push(start.slice(0, dot) + end)
  }
  return names
}
