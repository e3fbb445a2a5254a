// Sizes and times as nginx's directives have them (ngx_parse.c). Null stands for what nginx refuses as well.

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `512`, `8k`, `10m`, `1g`, in bytes. */
export function parseSize(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) return null
  return exact(Number(digits) * (UNIT_BYTES[unit.toLowerCase()] ?? 1))
}

// Each unit at most once, the largest first; a number without a unit comes last and means seconds. nginx has no years
// and months where it counts in milliseconds.
const TIME = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const UNIT_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1]

/** `60s`, `1m`, `500ms`, `1h30m`, `75` (seconds), in ms. */
export function parseTime(text: string): number | null {
  // A last number of seconds without its unit.
  const parts = TIME.exec(text.replace(/^((?:\d+[wdhm])*\d+)$/, '$1s'))
  if (text === '' || parts === null) return null
  return exact(UNIT_MS.reduce((sum, unitMs, i) => sum + Number(parts[i + 1] ?? 0) * unitMs, 0))
}

function exact(value: number): number | null {
  return Number.isSafeInteger(value) ? value : null
}
