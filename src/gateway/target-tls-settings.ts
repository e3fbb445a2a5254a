// What holds for TLS with targets where a service says nothing: client_ssl_* and nginx's proxy_ssl_*.
import { onOff, wholeNumber } from './setting-values.js'

export interface TargetTlsSettings {
  readonly verify: boolean
  readonly depth: number
  /** A file with authorities, PEM; null: nobody is trusted whom a service does not name. */
  readonly trusted: string | null
  /** As in ssl_cert: paths, PEM, or PEM in base64. */
  readonly client: { readonly cert: string; readonly key: string } | null
}

/** Kong's names and defaults, nginx's where Kong has none. */
export const TARGET_TLS_DEFAULTS = {
  client_ssl: 'off',
  client_ssl_cert: '',
  client_ssl_cert_key: '',
  nginx_proxy_proxy_ssl_verify: 'off',
  nginx_proxy_proxy_ssl_verify_depth: '1',
  nginx_proxy_proxy_ssl_trusted_certificate: '',
} as const

type Name = keyof typeof TARGET_TLS_DEFAULTS

/** Reads one setting; a throw becomes a problem under the name of its variable, and the fallback stands in. */
type Read = <T>(name: Name, parse: (value: string) => T, fallback?: () => T) => T

/** @param text a setting as it stands, or its default */
export function readTargetTlsSettings(text: (name: Name) => string, read: Read): TargetTlsSettings {
  const isOn = read('client_ssl', (value) => onOff('client_ssl', value))
  return {
    verify: read('nginx_proxy_proxy_ssl_verify', (value) =>
      onOff('nginx_proxy_proxy_ssl_verify', value),
    ),
    depth: read('nginx_proxy_proxy_ssl_verify_depth', (value) =>
      wholeNumber('nginx_proxy_proxy_ssl_verify_depth', value),
    ),
    trusted: text('nginx_proxy_proxy_ssl_trusted_certificate') || null,
    client: isOn
      ? read(
          'client_ssl_cert',
          (cert) => pairOf(cert, text('client_ssl_cert_key')),
          () => null,
        )
      : null,
  }
}

function pairOf(cert: string, key: string): TargetTlsSettings['client'] {
  if (cert === '' && key === '') return null
  // Kong's words.
  if (key === '') throw new Error('client_ssl_cert_key must be specified')
  if (cert === '') throw new Error('client_ssl_cert must be specified')
  return { cert, key }
}
