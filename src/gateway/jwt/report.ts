// What is found out about a token, for every format that it is told in. Neither secrets nor the signature are in it.
import type { Place } from '../diff/difference.js'

export interface CheckShown {
  readonly name:
    'token' | 'key' | 'credential' | 'algorithm' | 'secret' | 'signature' | 'exp' | 'nbf'
  /** Null for one that is not asked for, or that nobody got to. */
  readonly isRight: boolean | null
  readonly text: string
}

/** A use of the plugin jwt, and what it makes of the token. */
export interface UseShown {
  readonly title: string
  readonly place: Place
  readonly verdict: 'accepted' | 'refused'
  /** What the client gets; null for a token that is accepted. */
  readonly answer: { readonly status: 401; readonly body: Readonly<Record<string, string>> } | null
  readonly consumer: string | null
  readonly credential: { readonly title: string; readonly place: Place } | null
  readonly checks: readonly CheckShown[]
  /** The way out, and what else should be known. */
  readonly notes: readonly string[]
}

export interface TokenReport {
  readonly file: string
  readonly token: {
    readonly characters: number
    /** What its JSON says; null for what cannot be read. */
    readonly header: unknown
    readonly claims: unknown
  }
  readonly uses: readonly UseShown[]
  /** How many uses of the plugin are not listed; they count nevertheless. */
  readonly more: number
  /** Whether every use accepts it. */
  readonly verdict: 'accepted' | 'refused'
}

/** 0 when the token is accepted, 1 when it is refused; 2 is for what cannot be examined. */
export function exitCodeOf({ verdict }: Pick<TokenReport, 'verdict'>): number {
  return verdict === 'accepted' ? 0 : 1
}

export const NOT_EXAMINED = 2
