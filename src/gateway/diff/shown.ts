// Values and lists of names as words of a message.

const PLAIN = /^[\w./:@~^$*+?-]+$/
const MAX_LENGTH = 160
const MAX_NAMES = 3

/** A value as it is written in YAML, on one line. */
export function valueText(value: unknown): string {
  return clipped(flow(value), MAX_LENGTH)
}

/** At most so long: names may be as long as a file. */
export function clipped(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

function flow(value: unknown): string {
  if (value === undefined) return 'not set'
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'string') return PLAIN.test(value) ? value : JSON.stringify(value)
  return JSON.stringify(value)
}

/** `5 -> 60` */
export function changeText({
  old,
  new: now,
}: {
  readonly old?: unknown
  readonly new?: unknown
}): string {
  const isList = Array.isArray(old) && Array.isArray(now)
  if (!isList || old.length + now.length <= 6) return `${valueText(old)} -> ${valueText(now)}`
  // Of long lists only what differs says something.
  const [before, after] = [new Set(old.map(flow)), new Set(now.map(flow))]
  const gone = [...before].filter((item) => !after.has(item))
  const come = [...after].filter((item) => !before.has(item))
  if (gone.length + come.length === 0) return 'in another order'
  return [...listed('without', gone), ...listed('with', come)].join(', ')
}

function listed(word: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${word} ${few(items)}`]
}

/** `a, b and 5 more` */
export function few(items: readonly string[]): string {
  const rest = items.length - MAX_NAMES
  if (rest <= 1) return inWords(items)
  return `${items.slice(0, MAX_NAMES).join(', ')} and ${rest} more`
}

/** `a, b and c` */
export function inWords(items: readonly string[]): string {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`
}
