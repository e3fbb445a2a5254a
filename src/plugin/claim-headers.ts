// Claims that the target gets as headers. It trusts them, so nothing of these names may come from the client.
import type { Headers } from '../util/header-list.js'
import { member, type Members } from '../util/json-web-token.js'

export interface ClaimHeaders {
  readonly claims: readonly string[]
  /** The header of each. */
  readonly headers: readonly string[]
  /** As targets may read them. */
  readonly names: ReadonlySet<string>
}

/** Null for none. */
export function claimHeadersOf(
  map: Readonly<Record<string, string>> | undefined,
): ClaimHeaders | null {
  const pairs = Object.entries(map ?? {})
  return pairs.length === 0 ? null : claimHeaderPairs(pairs)
}

/** A claim may stand in several headers. */
export function claimHeaderPairs(
  pairs: readonly (readonly [claim: string, header: string])[],
): ClaimHeaders {
  const headers = pairs.map(([, header]) => header)
  return { claims: pairs.map(([claim]) => claim), headers, names: new Set(headers.map(sameHeader)) }
}

/** How targets may read the name of a header: many take `_` for `-`. */
export function sameHeader(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/** Removes what the client has sent under the names of these headers, in every spelling that a target may read so. */
export function removeForged(headers: Headers, { names }: ClaimHeaders): void {
  const forged: string[] = []
  for (const [name] of headers.entries()) if (names.has(sameHeader(name))) forged.push(name)
  for (const name of forged) headers.remove(name)
}

/** What each header will say; undefined for a claim that is missing or cannot stand in a header. */
export function headerValues(
  { claims }: ClaimHeaders,
  token: Members,
): readonly (string | undefined)[] {
  return claims.map((claim) => headerValue(member(token, claim)))
}

// A control character could end the line, or hide from who reads it.

const CONTROL = /[\x00-\x1f\x7f]/

/** Undefined for what cannot stand in a header. Text as it is, all else as JSON: lists written with commas could not be told from a text that has some. */
export function headerValue(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined
  const text = typeof claim === 'string' ? claim : JSON.stringify(claim)
  return CONTROL.test(text) || text.trim() !== text || text === '' ? undefined : text
}

export function setClaimHeaders(
  headers: Headers,
  { headers: names }: ClaimHeaders,
  values: readonly (string | undefined)[],
): void {
  for (const [index, name] of names.entries()) {
    const value = values[index]
    if (value !== undefined) headers.set(name, value)
  }
}
