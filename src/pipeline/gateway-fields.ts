// The header fields that the gateway adds to every answer (kong/runloop/handler.lua, header_filter.after).
import { OVERLAP, type ResponseHead } from '../model/response-head.js'
import { addCharset, addCharsetToFields } from './charset.js'
import type { RequestContext } from './context.js'

/**
 * HOT PATH. The whole header block of an answer that a target made, or that stands for one it failed to make.
 * As long as no plugin has asked for the headers, the block is text and the gateway's own lines are put behind it.
 */
export function proxiedFields(ctx: RequestContext, head: ResponseHead): string {
  const { headers, product } = ctx.settings
  const upstreamMs = Math.trunc(ctx.answeredAt - ctx.sentAt)
  // A replayed answer is proxied by nobody: all of its time is the gateway's.
  const sentAt = ctx.sentAt > 0 ? ctx.sentAt : performance.now()
  const proxyMs = Math.trunc(sentAt - ctx.startedAt)
  const { overlap } = head
  if (overlap < OVERLAP.other && !headers.upstreamStatus && !wantsDebug(ctx)) {
    let { fields } = head
    if ((overlap & OVERLAP.type) !== 0) fields = addCharsetToFields(head.status, fields)
    if (headers.server && (overlap & OVERLAP.server) === 0) fields += `Server: ${product}\r\n`
    if (headers.via) fields += `Via: 1.1 ${product}\r\n`
    if (headers.upstreamLatency) fields += `X-Kong-Upstream-Latency: ${upstreamMs}\r\n`
    if (headers.proxyLatency) fields += `X-Kong-Proxy-Latency: ${proxyMs}\r\n`
    if (headers.requestId) fields += `X-Kong-Request-Id: ${ctx.requestId}\r\n`
    return fields
  }
  const list = head.headers
  if (headers.server && !list.has('server')) list.set('Server', product)
  if (headers.via) list.set('Via', [...list.getAll('via'), `1.1 ${product}`].join(', '))
  if (headers.upstreamLatency) list.set('X-Kong-Upstream-Latency', String(upstreamMs))
  if (headers.proxyLatency) list.set('X-Kong-Proxy-Latency', String(proxyMs))
  if (headers.upstreamStatus) list.set('X-Kong-Upstream-Status', String(ctx.upstreamStatus))
  return finishList(ctx, head)
}

/** The whole header block of an answer that the gateway made itself. */
export function ownFields(ctx: RequestContext, head: ResponseHead): string {
  const { headers, product } = ctx.settings
  if (headers.server) head.headers.set('Server', product)
  else head.headers.remove('server')
  if (headers.responseLatency) {
    head.headers.set(
      'X-Kong-Response-Latency',
      String(Math.trunc(performance.now() - ctx.startedAt)),
    )
  }
  return finishList(ctx, head)
}

function finishList(ctx: RequestContext, head: ResponseHead): string {
  if (wantsDebug(ctx)) addDebugFields(ctx, head)
  addCharset(head, ctx.isTransformed)
  if (ctx.settings.headers.requestId) head.headers.set('X-Kong-Request-Id', ctx.requestId)
  // Framing and Date are the engine's, whatever a plugin says.
  head.headers.remove('content-length')
  head.headers.remove('transfer-encoding')
  head.headers.remove('date')
  return head.fields
}

function wantsDebug({ settings, exchange }: RequestContext): boolean {
  // Whatever its value, as in Kong.
  return settings.debugHeader && exchange.headers.has('kong-debug')
}

function addDebugFields({ route, service }: RequestContext, { headers }: ResponseHead): void {
  if (route === null) return
  headers.set('Kong-Route-Id', route.id)
  if (route.name !== null) headers.set('Kong-Route-Name', route.name)
  if (service === null) return
  headers.set('Kong-Service-Id', service.id)
  if (service.name !== null) headers.set('Kong-Service-Name', service.name)
}
