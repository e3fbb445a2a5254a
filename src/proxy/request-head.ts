// The head of a request as its target gets it (kong/runloop/handler.lua, access.before and after).
import type { Exchange, HttpVersion, ListenerInfo } from '../model/exchange.js'

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
  /** This gateway's entry for Via, such as `gw/1.0.0`. */
  readonly product: string
}

// What the client itself said in fields that the gateway sets. One object for all requests: it is filled and read
// within one synchronous call.
const said = {
  /** Nothing of who it is and where it has come in. */
  isSilent: true,
  te: false,
  hasLength: false,
  via: '',
  forwardedFor: '',
  // Of a trusted peer alone; null when it says nothing.
  proto: null as string | null,
  host: null as string | null,
  port: null as string | null,
  path: null as string | null,
  prefix: null as string | null,
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
  const fields = endToEndFields(exchange, from)
  // Said by a trusted peer alone.
  if (said.proto !== null || said.host !== null || said.port !== null) said.isSilent = false
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`
  if (said.te) head += 'te: trailers\r\n'
  head += `via: ${said.via === '' ? '' : `${said.via}, `}${VIA_VERSIONS[exchange.httpVersion]}${from.product}\r\n`
  head += said.isSilent ? rememberedLines(from) : clientLines(from)
  head += field('x-forwarded-path', said.path ?? from.rawPath)
  head += field('x-forwarded-prefix', said.prefix ?? from.strippedPrefix)
  if (from.upstreamRequestId !== '') head += `x-kong-request-id: ${from.upstreamRequestId}\r\n`
  if (bodyLength < 0) head += 'transfer-encoding: chunked\r\n'
  else if (bodyLength > 0 || said.hasLength) head += `content-length: ${bodyLength}\r\n`
  const whole = `${head}${fields}\r\n`
  return exchange.encoding === 'utf8' ? whole : onlyBytes(whole)
}

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
 * HOT PATH. The client's fields that go on as they are; what it said in the others is noted in `said`. Hop-by-hop
 * fields (RFC 9110, 7.6.1) and those that the gateway sets are told apart by the length of their names, which are
 * lower case.
 */
function endToEndFields(exchange: Exchange, from: Forwarding): string {
  const { names, values } = exchange.headers
  const trusted = from.isPeerTrusted
  said.te = said.hasLength = false
  said.isSilent = true
  said.via = said.forwardedFor = ''
  said.proto = said.host = said.port = said.path = said.prefix = null
  let fields = ''
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? ''
    const value = values[i] ?? ''
    switch (name.length) {
      case 2:
        if (name !== 'te') break
        if (listsTrailers(value)) said.te = true
        continue
      case 3:
        if (name !== 'via') break
        said.via = said.via === '' ? value : `${said.via}, ${value}`
        continue
      case 4:
        if (name === 'host') continue
        break
      case 5:
        if (name === 'proxy') continue
        break
      case 6:
        if (name === 'expect') continue
        break
      case 7:
        if (name === 'upgrade') continue
        break
      case 9:
        if (name === 'x-real-ip') continue
        break
      case 10:
        if (name === 'keep-alive' || name === 'connection') continue
        break
      case 14:
        if (name !== 'content-length') break
        said.hasLength = true
        continue
      case 15:
        if (name !== 'x-forwarded-for') break
        said.isSilent = false
        // Kong goes on from the first line alone.
        if (said.forwardedFor === '') said.forwardedFor = value
        continue
      case 16:
        if (name === 'proxy-connection') continue
        if (name === 'x-forwarded-host') {
          if (trusted) said.host = value
        } else if (name === 'x-forwarded-port') {
          if (trusted) said.port = value
        } else if (name === 'x-forwarded-path') {
          if (trusted) said.path = value
        } else break
        continue
      case 17:
        if (name === 'transfer-encoding') continue
        if (name === 'x-kong-request-id' && from.upstreamRequestId !== '') continue
        if (name !== 'x-forwarded-proto') break
        if (trusted) said.proto = value
        continue
      case 18:
        if (name !== 'x-forwarded-prefix') break
        if (trusted) said.prefix = value
        continue
    }
    fields += `${name}: ${value}\r\n`
  }
  return fields
}

/** Whether TE lists `trailers`; with a weight it does not count, as in Kong. */
function listsTrailers(te: string): boolean {
  return te.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers')
}

const NAMES_NOTHING = /^(?:keep-alive|close|upgrade)?$/i

/**
 * Takes the fields that the client's Connection names off the request (RFC 9110, 7.6.1). To be done before plugins add
 * fields of their own: Kong does it behind them, and a client can name X-Anonymous-Consumer there to be rid of it.
 */
export function removeNamedFields({ headers }: Exchange): void {
  // HOT PATH: once per request. HTTP/1.1 clients seldom send it.
  if (!headers.has('connection')) return
  const all = headers.getAll('connection').join()
  if (NAMES_NOTHING.test(all)) return
  const options = all.split(',')
  const named = new Set(options.map((option) => option.trim().toLowerCase()))
  named.delete('te') // has its own rule
  headers.removeWhere((name) => name === 'connection' || named.has(name))
}
