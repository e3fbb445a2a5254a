// Which origins may read an answer. Entries are told apart and compiled at load.
import { ConfigFault, compilePattern } from 'gw/plugin'

/** How Access-Control-Allow-Origin comes about. */
export type OriginRule =
  | { readonly kind: 'all' }
  /** One plain entry: it is sent whatever the client's origin is, and browsers compare. */
  | { readonly kind: 'fixed'; readonly origin: string }
  | { readonly kind: 'list'; readonly entries: readonly Entry[] }

type Entry =
  | { readonly kind: 'all' }
  | { readonly kind: 'text'; readonly origin: string }
  | { readonly kind: 'host' | 'origin'; readonly pattern: RegExp }

const PLAIN = /^[A-Za-z0-9.:/-]+$/

/** The entries must have passed `originFaults`. */
export function originRule(origins: readonly string[] | undefined): OriginRule {
  const [first] = origins ?? []
  if (origins === undefined || first === undefined) return { kind: 'all' }
  if (origins.length === 1) {
    if (first === '*') return { kind: 'all' }
    if (PLAIN.test(first)) return { kind: 'fixed', origin: first }
  }
  return { kind: 'list', entries: origins.map((origin) => entryOf(origin)) }
}

/** What is wrong with entries, in Kong's words. */
export function originFaults(origins: readonly string[]): readonly ConfigFault[] {
  return origins.flatMap((text, index) => {
    try {
      entryOf(text)
      return []
    } catch (error) {
      const hint = error instanceof SyntaxError ? error.message : undefined
      return [new ConfigFault(`origins[${index}]`, `'${text}' is not a valid regex`, hint)]
    }
  })
}

function entryOf(text: string): Entry {
  if (text === '*') return { kind: 'all' }
  if (PLAIN.test(text)) return { kind: 'text', origin: normalize(text).origin }
  const kind = text.includes(':') ? 'origin' : 'host'
  return { kind, pattern: compilePattern(text, { whole: true }) }
}

/** The origin that an answer may name: the client's, normalised; `*` when a star is in the list; null for none. */
// HOT PATH
export function allowedOrigin(entries: readonly Entry[], requestOrigin: string): string | null {
  const { origin, host } = normalize(requestOrigin)
  for (const entry of entries) {
    if (entry.kind === 'all') return '*'
    const isMatch =
      entry.kind === 'text'
        ? entry.origin === origin
        : entry.pattern.test(entry.kind === 'host' ? host : origin)
    if (isMatch) return origin
  }
  return null
}

const URL_PARTS =
  /^([A-Za-z0-9][A-Za-z0-9+.-]*):\/\/(?:[^@/?#]*@)?(\[[^\]/?#]*\]|[^:/?#]*)(?::([^/?#]*))?/

/** scheme://host[:port] without the port that the scheme stands for; text that is no such thing stays as it is. */
function normalize(text: string): { readonly origin: string; readonly host: string } {
  const [, scheme, host, port = ''] = URL_PARTS.exec(text) ?? []
  if (scheme === undefined || host === undefined || host === '') return { origin: text, host: text }
  const isDefault = (scheme === 'http' && port === '80') || (scheme === 'https' && port === '443')
  const suffix = port === '' || isDefault ? '' : `:${port}`
  return { origin: `${scheme}://${host}${suffix}`, host }
}
