// How values of settings are written, whatever they set.

/** What stands between commas; empty entries do not count. */
export function list(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/**
 * @param name the setting, for the message
 * @throws Error in Kong's words
 */
export function onOff(name: string, value: string): boolean {
  if (value === 'on' || value === 'true') return true
  if (value === 'off' || value === 'false') return false
  throw new Error(`${name} has an invalid value: '${value}' (on, off)`)
}
