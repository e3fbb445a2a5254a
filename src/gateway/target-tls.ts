// What TLS with targets needs of the file and of the settings, read and checked before a worker hears of it.
import type { LoadedConfig } from '../config/index.js'
import type { ServedCertificate } from '../model/entities.js'
import { TargetTerms, type TargetTls } from '../pipeline/target-tls.js'
import type { ClientCertificate } from '../proxy/tls-terms.js'
import { Certificate, type KeyPair } from '../server/certificates/certificate.js'
import { readDefaultPair, readPem } from '../server/certificates/default-pairs.js'
import { DEFAULT_HANDSHAKE } from '../server/certificates/handshake.js'
import { readCertificate } from '../util/pem.js'
import type { TargetTlsSettings } from './target-tls-settings.js'

/**
 * Files of the settings are read anew, since certificates are renewed in place.
 * @throws Error that names the file, the setting or the entity at fault
 */
export function readTargetTls(config: LoadedConfig, settings: TargetTlsSettings): TargetTls {
  const { services, upstreams } = config.snapshot
  const { verify, depth, trusted, client } = settings
  const users = [...services, ...upstreams]
  const shown = new Set(users.map(({ client_certificate }) => client_certificate?.id))
  const clients = config.certificates.filter(({ id }) => shown.has(id))
  return {
    verify,
    depth,
    authorities:
      trusted === null ? [] : readAuthorities(trusted, 'nginx_proxy_proxy_ssl_trusted_certificate'),
    client: client === null ? null : checked(readDefaultPair(client, 'client_ssl_cert')),
    authoritiesById: config.authorities,
    clientsById: new Map(clients.map((served) => [served.id, checked(pairOf(served))])),
  }
}

/** Services that verify their targets and trust nobody: Kong starts with them, and answers 502 to every request. */
export function trustlessServices({ snapshot }: LoadedConfig, tls: TargetTls): readonly string[] {
  const terms = new TargetTerms(tls)
  return snapshot.services
    .filter((service) => service.protocol === 'https' && terms.of(service).trustsNobody)
    .map(({ name, id }) => name ?? id)
}

/** Kong shows the first pair alone. */
function pairOf({ place, cert, key }: ServedCertificate): KeyPair {
  return { cert, key, certName: `${place}.cert`, keyName: `${place}.key`, areFiles: false }
}

/** Tried as it will be used: what node:tls does not take is a fault of the start, not of a request. */
function checked(pair: KeyPair): ClientCertificate {
  const { cert, key } = new Certificate([pair], DEFAULT_HANDSHAKE).firstPair()
  return { cert, key }
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

export function certificatesIn(text: string): readonly string[] {
  return text.match(CERTIFICATES) ?? []
}

/**
 * @param entry a path, PEM, or PEM in base64
 * @throws Error that names the setting, and the file at fault
 */
export function readAuthorities(entry: string, setting: string): readonly string[] {
  const { text, name } = readPem(entry, setting, 'certificates')
  const found = certificatesIn(text)
  if (found.length === 0) throw new Error(`${setting}: no certificate in PEM in ${name}`)
  const wrong = found.findIndex((pem) => readCertificate(pem) === undefined)
  if (wrong < 0) return found
  throw new Error(`${setting}: certificate ${wrong + 1} in ${name} cannot be read`)
}
