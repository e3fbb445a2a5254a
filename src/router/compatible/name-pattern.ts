// Host names and SNIs of a route, with Kong's wildcards.

export interface NamePattern {
  readonly kind: 'exact' | 'suffix' | 'prefix'
  /** `.x` for `*.x`, `x.` for `x.*`. */
  readonly text: string
}

export function parseNamePattern(name: string): NamePattern {
  if (name.startsWith('*')) return { kind: 'suffix', text: name.slice(1) }
  if (name.endsWith('*')) return { kind: 'prefix', text: name.slice(0, -1) }
  return { kind: 'exact', text: name }
}

/**
 * Where the name ends in `name:port`; -1 without a port. As in Kong the first colon counts, so that an IPv6 address
 * stays whole.
 */
export function portColon(host: string): number {
  const colon = host.indexOf(':')
  return colon >= 0 && DIGITS.test(host.slice(colon + 1)) ? colon : -1
}

const DIGITS = /^\d+$/
