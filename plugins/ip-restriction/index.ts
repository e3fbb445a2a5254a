// Lets clients pass, or refuses them, by their address.
import { IpRanges, canonicalAddress, definePlugin } from 'gw/plugin'
import { spec } from './spec.js'

interface Use {
  /** Null when all may pass that are not denied. */
  readonly allow: IpRanges | null
  readonly deny: IpRanges
  readonly status: number
  /** Undefined for one that names the address. */
  readonly message: string | undefined
}

const NO_ADDRESS = 'Cannot identify the client IP address, unix domain sockets are not supported.'

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 990,

  prepare({ allow = [], deny = [], status = 403, message }): Use {
    return {
      // Kong: an empty list allows all, not nobody.
      allow: allow.length === 0 ? null : new IpRanges(allow),
      deny: new IpRanges(deny),
      status,
      message,
    }
  },

  // HOT PATH
  access(ctx, { allow, deny, status, message }) {
    const { clientIp } = ctx.request
    if (clientIp === '') return ctx.error(403, NO_ADDRESS)
    const isRefused = isDenied(deny, clientIp) || (allow !== null && !allow.has(clientIp))
    if (!isRefused) return undefined
    return ctx.error(status, message ?? `IP address not allowed: ${clientIp}`)
  },
})

/** A proxy may write a client of IPv4 as ::ffff:1.2.3.4, which must be no way around a range of IPv4. */
function isDenied(deny: IpRanges, clientIp: string): boolean {
  if (deny.has(clientIp)) return true
  const plain = canonicalAddress(clientIp)
  return plain !== clientIp && deny.has(plain)
}
