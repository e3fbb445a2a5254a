// Whether a matched route takes requests that come as this one did (router.md, 6): checked before any access step.
import type { ErrorCode } from '../errors/codes.js'
import type { CompiledRoute } from './compiled.js'
import type { RequestContext } from './context.js'

export type ProtocolRefusal =
  | { readonly code: ErrorCode; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly location: string }

/** Null when the route takes the request. */
export function refuseProtocol(
  ctx: RequestContext,
  compiled: CompiledRoute,
): ProtocolRefusal | null {
  const { exchange } = ctx
  if (compiled.isHttpsOnly && forwarded(ctx, 'proto') !== 'https') {
    const status = compiled.route.https_redirect_status_code
    return status === 426
      ? {
          code: 'HTTPS_REQUIRED',
          headers: { Connection: 'Upgrade', Upgrade: 'TLS/1.2, HTTP/1.1' },
        }
      : { status, location: `https://${forwarded(ctx, 'host')}${exchange.target}` }
  }
  if (!compiled.isGrpc) return null
  // gRPC needs HTTP/2, which no engine speaks yet.
  return (exchange.headers.get('content-type') ?? '').startsWith('application/grpc')
    ? { code: 'HTTP2_REQUIRED', headers: { Connection: 'Upgrade', Upgrade: 'HTTP/2' } }
    : { code: 'NOT_GRPC' }
}

/** What a trusted peer says of the client's own connection, else what is seen of it here. */
function forwarded(ctx: RequestContext, what: 'proto' | 'host'): string {
  const said = ctx.isPeerTrusted ? ctx.exchange.headers.get(`x-forwarded-${what}`) : undefined
  if (said !== undefined) return said
  if (what === 'host') return ctx.clientHost
  return ctx.exchange.listener.secure ? 'https' : 'http'
}
