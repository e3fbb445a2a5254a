// Rules across the fields of http-log's configuration.
import { ConfigFault, type RawConfig, type Rule } from 'gw/plugin'

// Of the headers only the names are looked at, so a value at fault or in a vault is no reason to wait.
export const rules: readonly Rule[] = [{ fields: ['http_endpoint'], check: checkAuthorization }]

/** User info in the URL becomes an Authorization header too. */
function checkAuthorization({ http_endpoint: url, headers }: RawConfig): readonly ConfigFault[] {
  const hasUser = typeof url === 'string' && /^[^/]*\/\/[^/?#@]*@/.test(url)
  if (!hasUser || typeof headers !== 'object' || headers === null) return []
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return []
  return [
    new ConfigFault(
      '',
      "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed",
    ),
  ]
}
