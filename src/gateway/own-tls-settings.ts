// Whom the gateway itself trusts when it is the client, as with probes over https: Kong's lua_ssl_*.
import { list, wholeNumber } from './setting-values.js'

export interface OwnTlsSettings {
  /** `system`, paths, PEM, or PEM in base64. */
  readonly trusted: readonly string[]
  /** The most certificates that may stand between the one that is shown and that of an authority. */
  readonly depth: number
}

/** Kong's names and defaults. */
export const OWN_TLS_DEFAULTS = {
  lua_ssl_trusted_certificate: 'system',
  lua_ssl_verify_depth: '1',
} as const

type Name = keyof typeof OWN_TLS_DEFAULTS

/** Reads one setting; a throw becomes a problem under the name of its variable. */
type Read = <T>(name: Name, parse: (value: string) => T) => T

export function readOwnTlsSettings(read: Read): OwnTlsSettings {
  return {
    trusted: read('lua_ssl_trusted_certificate', list),
    depth: read('lua_ssl_verify_depth', (value) => wholeNumber('lua_ssl_verify_depth', value)),
  }
}
