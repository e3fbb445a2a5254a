// The named formats of what transformers are told: `name:value`, split at the first colon.
import { namedValue } from '../../plugin/transformer/named-value.js'

/** What stands before the first colon is the name of a header. */
export function headerEntryFault(text: string): string | undefined {
  return headerFault(namedValue(text).name)
}

/** So is what follows. */
export function headerRenameFault(text: string): string | undefined {
  const { name, value } = namedValue(text)
  return headerFault(name) ?? headerFault(value)
}

export function pairFault(text: string): string | undefined {
  const { name, value } = namedValue(text)
  return name === '' || value === '' ? `key '${name}' has no value` : undefined
}

function headerFault(name: string): string | undefined {
  return /^[A-Za-z0-9_-]+$/.test(name) ? undefined : `'${name}' is not a valid header`
}
