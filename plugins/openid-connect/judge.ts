// What the claims of a token come to under one configuration: who it is from, how long it counts, and whether it may pass.
import { member, type Members } from 'gw/plugin'

/** Names that lead into nested objects. */
export type ClaimPath = readonly string[]

export interface Requirement {
  readonly name: string
  readonly claim: ClaimPath
  /** One of them has to be there whole. */
  readonly anyOf: readonly (readonly string[])[]
}

export interface ClaimRules {
  readonly verifyClaims: boolean
  readonly leeway: number
  /** Null: that of the provider. */
  readonly issuersAllowed: readonly string[] | null
  readonly domains: readonly string[]
  readonly forbidden: readonly string[]
  readonly requirements: readonly Requirement[]
}

/** From when on and until when a token counts, in seconds since the epoch, leeway included. */
export interface Times {
  readonly from: number
  readonly until: number
}

/** Why a token is refused. The reason is for logs, and for clients with `display_errors`. */
export interface Refusal {
  readonly status: 401 | 403
  readonly reason: string
}

export const ALWAYS: Times = { from: -Infinity, until: Infinity }

function refusal(status: 401 | 403, reason: string): Refusal {
  return { status, reason }
}

/** The value at the end of the path; undefined where it leads nowhere. */
export function claimAt(claims: Members, path: ClaimPath): unknown {
  let found: unknown = claims
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = member(found as Members, name)
  }
  return found ?? undefined
}

/** The claim as a name: text, or a number as it is written. Null for anything else, and for none. */
export function nameAt(claims: Members, path: ClaimPath): string | null {
  const value = claimAt(claims, path)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** A list, or a text with spaces between its words. */
export function wordsAt(claims: Members, path: ClaimPath): readonly string[] {
  const value = claimAt(claims, path)
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : []
}

/** The entries of such a field as `scopes_required`: words of one entry are wanted together. */
export function requirementOf(
  name: string,
  claim: ClaimPath,
  required: readonly string[] | undefined,
): readonly Requirement[] {
  if (required === undefined || required.length === 0) return []
  const anyOf = required.map((entry) => entry.split(' ').filter((word) => word !== ''))
  return [{ name, claim, anyOf }]
}

/**
 * When a signed token counts.
 * @param issuer what iss must say unless the rules name others
 */
export function timesOfToken(claims: Members, rules: ClaimRules, issuer: string): Times | Refusal {
  if (!rules.verifyClaims) return ALWAYS
  const iss = member(claims, 'iss')
  const allowed = rules.issuersAllowed ?? [issuer]
  if (typeof iss !== 'string' || !allowed.includes(iss)) return refusal(401, 'invalid iss claim')
  if (member(claims, 'exp') === undefined) return refusal(401, 'exp claim is missing')
  return timesOf(claims, rules)
}

/** When a token counts of which its issuer says that it is active: what is left out does not matter then. */
export function timesOfAnswer(answer: Members, rules: ClaimRules): Times | Refusal {
  if (!rules.verifyClaims) return ALWAYS
  const iss = member(answer, 'iss')
  const { issuersAllowed } = rules
  if (issuersAllowed !== null && iss !== undefined && !issuersAllowed.some((one) => one === iss)) {
    return refusal(401, 'invalid iss claim')
  }
  return timesOf(answer, rules)
}

function timesOf(claims: Members, { leeway }: ClaimRules): Times | Refusal {
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => member(claims, name) ?? undefined)
  if (!isTime(exp)) return refusal(401, 'invalid exp claim')
  if (!isTime(nbf)) return refusal(401, 'invalid nbf claim')
  if (!isTime(iat)) return refusal(401, 'invalid iat claim')
  return {
    from: Math.max(nbf ?? -Infinity, iat ?? -Infinity) - leeway,
    until: (exp ?? Infinity) + leeway,
  }
}

function isTime(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value))
}

/** Null while the token counts. HOT PATH */
export function timeRefusal({ from, until }: Times, nowMs: number): Refusal | null {
  const now = nowMs / 1000
  if (now >= until) return EXPIRED
  return now < from ? TOO_EARLY : null
}

const EXPIRED = refusal(401, 'token is expired')
const TOO_EARLY = refusal(401, 'token is not valid yet')

/** What no clock changes: null for a token that may pass. */
export function claimsRefusal(claims: Members, rules: ClaimRules): Refusal | null {
  const { domains, forbidden, requirements } = rules
  const domain = member(claims, 'hd')
  if (domains.length > 0 && !domains.some((one) => one === domain)) {
    return refusal(401, 'invalid hd claim')
  }
  if (forbidden.some((name) => member(claims, name) !== undefined)) {
    return refusal(403, 'a forbidden claim was found')
  }
  const missing = requirements.find((one) => !isMet(claims, one))
  return missing === undefined ? null : refusal(403, `required ${missing.name} not found`)
}

function isMet(claims: Members, { claim, anyOf }: Requirement): boolean {
  const words = wordsAt(claims, claim)
  return anyOf.some((wanted) => wanted.length > 0 && wanted.every((word) => words.includes(word)))
}
