// References to secrets, `{vault://VAULT/RESOURCE/KEY?option=value#VERSION}`, as text (kong/pdk/vault.lua).

export interface VaultReference {
  /** Kind of a vault, or the prefix of one that the file declares. */
  readonly vault: string
  readonly resource: string
  /** Member of the JSON object that the secret is; null for the whole. */
  readonly key: string | null
  readonly options: Readonly<Record<string, string>>
  /** 1 is the current one, 2 the one before. */
  readonly version: number
}

/** Whether the whole text is a reference; it may still be one that cannot be read. */
export function isVaultReference(text: string): boolean {
  return /^\{vault:\/\/.*\}$/s.test(text)
}

/** @returns null for a text that is no reference, or one without vault or resource */
export function parseVaultReference(text: string): VaultReference | null {
  if (!isVaultReference(text)) return null
  let url: URL
  try {
    url = new URL(text.slice(1, -1))
  } catch {
    return null
  }
  const path = url.pathname.slice(1)
  // With a slash at its end the whole path names the resource.
  const isWhole = path.endsWith('/')
  const slash = isWhole ? -1 : path.indexOf('/')
  const resource = decode(slash < 0 ? path.replace(/\/$/, '') : path.slice(0, slash))
  const key = slash < 0 ? null : decode(path.slice(slash + 1))
  const version = url.hash === '' ? 1 : Number(url.hash.slice(1))
  if (url.hostname === '' || !resource || key === undefined || !Number.isInteger(version)) {
    return null
  }
  const options = Object.fromEntries(url.searchParams)
  return { vault: url.hostname, resource, key, options, version }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
