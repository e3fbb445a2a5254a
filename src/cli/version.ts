// gw version: of gw; under the name kong, the version of Kong whose behaviour it has, since that is what scripts ask for.
import { KONG_VERSION, VERSION } from '../util/version.js'
import { print } from './output.js'
import type { Style } from './style.js'

export async function version({ product }: Style, isAll: boolean): Promise<void> {
  const first = product === 'Kong' ? KONG_VERSION : VERSION
  if (!isAll) return print(process.stdout, first)
  const lines = [
    `Kong: ${KONG_VERSION}`,
    `gw: ${VERSION}`,
    `Node.js: ${process.versions.node}`,
    `V8: ${process.versions.v8}`,
    `OpenSSL: ${process.versions.openssl}`,
  ]
  return print(process.stdout, lines.join('\n'))
}
