// The head of a request as its target gets it (kong/runloop/handler.lua, access.before and after).
import type { Exchange, HttpVersion, ListenerInfo } from '../model/exchange.js'
import { mayNameFields } from '../util/http1/fields.js'
import { endToEndFields, said } from './client-fields.js'

/** What the gateway tells the target about the client. */
export interface Forwarding {
  readonly exchange: Exchange
  /** After real-ip. */
  readonly clientIp: string
  /** The peer is in trusted_ips: its own X-Forwarded-* stand. */
  readonly isPeerTrusted: boolean
  /** Host without port, in lower case. */
  readonly clientHost: string
  /** The path as the client sent it. */
  readonly rawPath: string
  /** What strip_path took off; empty for nothing. */
  readonly strippedPrefix: string
  /** Sent as X-Kong-Request-Id over the client's own; empty lets the client's pass. */
  readonly upstreamRequestId: string
  /** It asks for a WebSocket. */
  readonly upgrades: boolean
  /** This gateway's entry for Via, such as `gw/1.0.0`. */
  readonly product: string
}

/**
 * HOT PATH: once per request.
 * @param target path and query as they go on the request line
 * @param bodyLength as in BodySource
 */
export function requestHead(
  method: string,
  target: string,
  host: string,
  bodyLength: number,
  from: Forwarding,
): string {
  const { exchange } = from
  const fields = endToEndFields(exchange.headers, from.isPeerTrusted, from.upstreamRequestId !== '')
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n`
  head += from.upgrades ? UPGRADE : 'connection: keep-alive\r\n'
  if (said.te) head += 'te: trailers\r\n'
  head += `via: ${said.via === '' ? '' : `${said.via}, `}${VIA_VERSIONS[exchange.httpVersion]}${from.product}\r\n`
  head += said.isSilent ? rememberedLines(from) : clientLines(from)
  head += field('x-forwarded-path', said.path ?? from.rawPath)
  head += field('x-forwarded-prefix', said.prefix ?? from.strippedPrefix)
  if (from.upstreamRequestId !== '') head += `x-kong-request-id: ${from.upstreamRequestId}\r\n`
  if (bodyLength < 0) head += 'transfer-encoding: chunked\r\n'
  else if (bodyLength > 0 || said.announcesBody) head += `content-length: ${bodyLength}\r\n`
  const whole = `${head}${fields}\r\n`
  return exchange.encoding === 'utf8' ? whole : onlyBytes(whole)
}

/** As Kong has it, whatever else the client's Connection says. */
const UPGRADE = 'connection: keep-alive, Upgrade\r\nupgrade: websocket\r\n'

/** Who the client is, and where it has come in. */
function clientLines({ clientIp, clientHost, exchange }: Forwarding): string {
  const { peerAddress, listener } = exchange
  const chain = said.forwardedFor === '' ? clientIp : `${said.forwardedFor}, ${peerAddress}`
  return (
    `x-real-ip: ${clientIp}\r\nx-forwarded-for: ${chain}\r\n` +
    field('x-forwarded-proto', said.proto ?? (listener.secure ? 'https' : 'http')) +
    field('x-forwarded-host', said.host ?? clientHost) +
    field('x-forwarded-port', said.port ?? String(listener.port))
  )
}

const remembered = {
  clientIp: '',
  clientHost: '',
  listener: null as ListenerInfo | null,
  lines: '',
}

/** The same for a client that says nothing of it itself: mostly one that has just asked asks again. */
function rememberedLines(from: Forwarding): string {
  const { clientIp, clientHost } = from
  const { listener } = from.exchange
  if (
    clientIp !== remembered.clientIp ||
    clientHost !== remembered.clientHost ||
    listener !== remembered.listener
  ) {
    Object.assign(remembered, { clientIp, clientHost, listener, lines: clientLines(from) })
  }
  return remembered.lines
}

const BEYOND_BYTES = /[^\0-\xff]+/g

/**
 * In latin1 the client's bytes stand for themselves; what plugins have put between them goes as UTF-8. Cut to its low
 * byte, U+010A would be a line feed.
 */
function onlyBytes(head: string): string {
  return head.replace(BEYOND_BYTES, (text) => Buffer.from(text).toString('latin1'))
}

/** As Kong writes them: ngx.req.http_version() is the number 1, 1.1, or nil. */
const VIA_VERSIONS: Readonly<Record<HttpVersion, string>> = {
  '1.0': '1 ',
  '1.1': '1.1 ',
  '1.x': '',
}

/** Kong: a header that would be empty is not sent. */
function field(name: string, value: string): string {
  return value === '' ? '' : `${name}: ${value}\r\n`
}

/**
 * Takes the fields that the client's Connection names off the request (RFC 9110, 7.6.1). To be done before plugins add
 * fields of their own: Kong does it behind them, and a client can name X-Anonymous-Consumer there to be rid of it.
 */
export function removeNamedFields({ headers }: Exchange): void {
  // HOT PATH: once per request. HTTP/1.1 clients seldom send it.
  if (!headers.mayNameFields || !headers.has('connection')) return
  const all = headers.getAll('connection').join()
  if (!mayNameFields(all)) return
  const options = all.split(',')
  const named = new Set(options.map((option) => option.trim().toLowerCase()))
  named.delete('te') // has its own rule
  headers.removeWhere((name) => name === 'connection' || named.has(name))
}
