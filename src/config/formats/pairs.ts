// The named formats of what transformers are told: `name:value`, split at the first colon.

/** What stands before the first colon is the name of a header. */
export function headerEntryFault(text: string): string | undefined {
  return headerFault(split(text).name)
}

/** So is what follows. */
export function headerRenameFault(text: string): string | undefined {
  const { name, value } = split(text)
  return headerFault(name) ?? headerFault(value)
}

export function pairFault(text: string): string | undefined {
  const { name, value } = split(text)
  return name === '' || value === '' ? `key '${name}' has no value` : undefined
}

function headerFault(name: string): string | undefined {
  return /^[A-Za-z0-9_-]+$/.test(name) ? undefined : `'${name}' is not a valid header`
}

/** Kong: in `a::b` both colons part name and value, which has none in front. */
function split(text: string): { readonly name: string; readonly value: string } {
  const [, name = '', value = ''] = /^([^:]*):*(.*)$/s.exec(text) ?? []
  return { name, value }
}
