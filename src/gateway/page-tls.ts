// The certificates of admin_listen and status_listen: their own settings, else those of the proxy, as in Kong.
import type { SecureContextOptions } from 'node:tls'
import { readDefaultPairs, type DefaultPairSource } from '../server/certificates/default-pairs.js'
import { list } from './setting-values.js'

/** Whose pages; the beginning of the settings' names. */
export type Page = 'admin' | 'status'

export type PageTls = DefaultPairSource

export const PAGE_TLS_DEFAULTS = {
  admin_ssl_cert: '',
  admin_ssl_cert_key: '',
  status_ssl_cert: '',
  status_ssl_cert_key: '',
} as const

type Name = keyof typeof PAGE_TLS_DEFAULTS | 'ssl_cert' | 'ssl_cert_key'

/** Reads one setting; what `parse` throws becomes a fault of the variable, and the fallback stands in. */
type ReadSetting = <T>(name: Name, parse: (value: string) => T, fallback: () => T) => T

/** Null for pages that cannot be served by TLS. */
export function readPageTls(
  text: (name: Name) => string,
  read: ReadSetting,
): Readonly<Record<Page, PageTls | null>> {
  const certificates = (page: Page): PageTls | null => {
    const own = `${page}_ssl_cert` as const
    const key = `${own}_key` as const
    const isOwn = text(own) !== '' || text(key) !== ''
    // What is wrong with the proxy's certificate is said of that one.
    if (!isOwn) return pairs(text('ssl_cert'), text('ssl_cert_key'))
    return read(
      own,
      (value) => {
        const found = pairs(value, text(key))
        if (found === null) throw new Error(`${own} and ${key} go together`)
        return found
      },
      () => null,
    )
  }
  return { admin: certificates('admin'), status: certificates('status') }
}

function pairs(certs: string, keys: string): PageTls | null {
  const source = { certs: list(certs), keys: list(keys) }
  const isComplete = source.certs.length > 0 && source.certs.length === source.keys.length
  return isComplete ? source : null
}

/** @throws Error that names the file that cannot be read */
export function readCertificates(source: PageTls): SecureContextOptions {
  const pairs = readDefaultPairs(source)
  return { cert: pairs.map(({ cert }) => cert), key: pairs.map(({ key }) => key) }
}
