// Which content coding a client wants (RFC 9110, 12.5.3).

const MEMBER =
  /^[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?[ \t]*$/

/**
 * @param accepted values of all Accept-Encoding lines
 * @param codings those that can be had, the preferred first
 * @returns the one with the highest weight; null for none at all
 */
export function chooseCoding<C extends string>(
  accepted: readonly string[],
  codings: readonly C[],
): C | null {
  const weights = weightsOf(accepted)
  const any = weights.get('*') ?? 0
  let best: C | null = null
  let bestWeight = 0
  for (const coding of codings) {
    const weight = weights.get(coding) ?? any
    if (weight > bestWeight) {
      best = coding
      bestWeight = weight
    }
  }
  // Who does not name identity has no wish for it, but bears it.
  return (weights.get('identity') ?? 0) > bestWeight ? null : best
}

/** A member that is none counts for nothing. */
function weightsOf(accepted: readonly string[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const member of accepted.join().split(',')) {
    const [, name, weight = '1'] = MEMBER.exec(member) ?? []
    if (name === undefined) continue
    const coding = name.toLowerCase()
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, Number(weight))
  }
  return weights
}
