// How TLS handshakes are made, apart from the certificates: versions, ciphers, resumption.
import { constants } from 'node:crypto'
import type { SecureContextOptions, SecureVersion } from 'node:tls'

/**
 * nginx's names stand beside each. The engine on uWebSockets.js takes the ciphers alone: it speaks TLS 1.2 and 1.3,
 * lets the client choose, and resumes sessions for two hours.
 */
export interface HandshakeSettings {
  /** The oldest and the newest version that is spoken (ssl_protocols). */
  readonly minVersion: SecureVersion
  readonly maxVersion: SecureVersion
  /** OpenSSL's names for TLS 1.2 and older (ssl_ciphers); null for the library's own choice. */
  readonly ciphers: string | null
  /** Of the ciphers that both sides know, the server's first is taken, not the client's (ssl_prefer_server_ciphers). */
  readonly prefersOwnCiphers: boolean
  /** Sessions are resumed by tickets; without, not at all (ssl_session_tickets). */
  readonly hasTickets: boolean
  /** How long a session can be resumed, in seconds (ssl_session_timeout). */
  readonly sessionSeconds: number
}

/** Kong's `intermediate`, after Mozilla's server side TLS, 5.7. Without those on DH, which need parameters of their own. */
export const INTERMEDIATE_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

export const DEFAULT_HANDSHAKE: HandshakeSettings = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: INTERMEDIATE_CIPHERS,
  prefersOwnCiphers: false,
  hasTickets: true,
  sessionSeconds: 86_400,
}

/** What node:tls is told. */
export function contextOptions(settings: HandshakeSettings): SecureContextOptions {
  const { minVersion, maxVersion, ciphers, prefersOwnCiphers, hasTickets, sessionSeconds } =
    settings
  return {
    minVersion,
    maxVersion,
    honorCipherOrder: prefersOwnCiphers,
    sessionTimeout: sessionSeconds,
    // Clients are not asked for certificates; without this line each context would get all known authorities.
    ca: [],
    ...(ciphers !== null && { ciphers }),
    ...(!hasTickets && { secureOptions: constants.SSL_OP_NO_TICKET }),
  }
}
