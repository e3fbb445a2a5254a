// The product's name and version, once.
import { readFileSync } from 'node:fs'
import { PACKAGE_ROOT } from './package-root.js'

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version)
  }
  throw new Error('package.json has no version')
}

export const VERSION = readVersion()

/** What stands in Server and Via, where Kong writes `kong/3.9.1`. */
export const PRODUCT = `gw/${VERSION}`

/** The Kong whose files are read, and whose behaviour was recorded. */
export const KONG_VERSION = '3.9.3'
