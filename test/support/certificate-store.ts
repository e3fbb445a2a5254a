// A certificate store for a listener under test.
import {
  type HandshakeSettings,
  DEFAULT_HANDSHAKE,
} from '../../src/server/certificates/handshake.js'
import { CertificateStore, type CertificateSource } from '../../src/server/certificates/store.js'
import type { KeyPair } from '../../src/server/certificates/certificate.js'
import type { Certificate } from './certificates.js'

/** By name what is shown for it; `fallback` for all others. A list has the alternative as its second. */
export type Shown = Readonly<Record<string, Certificate | readonly [Certificate, Certificate]>>

export async function storeOf(
  fallback: Certificate,
  shown: Shown = {},
  handshake: Partial<HandshakeSettings> = {},
): Promise<CertificateStore> {
  const store = new CertificateStore({ ...DEFAULT_HANDSHAKE, ...handshake })
  store.replace(await store.prepare(sourceOf(fallback, shown)))
  return store
}

export function sourceOf(fallback: Certificate, shown: Shown = {}): CertificateSource {
  return {
    fallback: [pairOf(fallback)],
    certificates: Object.entries(shown).map(([name, one], index) => {
      const [first, second] = 'cert' in one ? [one] : one
      return {
        id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        place: `certificates[${index}]`,
        cert: first.cert,
        key: first.key,
        cert_alt: second?.cert ?? null,
        key_alt: second?.key ?? null,
        names: [name],
      }
    }),
    routeNames: [],
  }
}

export function pairOf({ cert, key }: Certificate): KeyPair {
  return { cert, key, certName: 'the certificate', keyName: 'the key', areFiles: false }
}
