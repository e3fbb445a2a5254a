// The header fields of a client: those that go on to the target as they are, and what it says in the others.
import type { RequestHeaders } from '../util/header-list.js'
import { isName, trimmed } from '../util/http1/fields.js'

/** What the client said in fields that the gateway sets. One for all requests: filled and read within one call. */
export const said = {
  /** Nothing of who it is and where it has come in. */
  isSilent: true,
  te: false,
  /** Content-Length or Transfer-Encoding. */
  announcesBody: false,
  via: '',
  forwardedFor: '',
  // Of a trusted peer alone; null when it says nothing.
  proto: null as string | null,
  host: null as string | null,
  port: null as string | null,
  path: null as string | null,
  prefix: null as string | null,
}

// What becomes of a field.
const GOES_ON = 0
/** Hop by hop (RFC 9110, 7.6.1), or set by the gateway whatever the client says. */
const DROPPED = 1
const TE = 2
const VIA = 3
const FRAMING = 4
const FORWARDED_FOR = 5
const FORWARDED_PROTO = 6
const FORWARDED_HOST = 7
const FORWARDED_PORT = 8
const FORWARDED_PATH = 9
const FORWARDED_PREFIX = 10
const REQUEST_ID = 11

const FORWARDED: Readonly<Record<number, 'proto' | 'host' | 'port' | 'path' | 'prefix'>> = {
  [FORWARDED_PROTO]: 'proto',
  [FORWARDED_HOST]: 'host',
  [FORWARDED_PORT]: 'port',
  [FORWARDED_PATH]: 'path',
  [FORWARDED_PREFIX]: 'prefix',
}

/**
 * HOT PATH. The lines that go on, each ended by CRLF; what the client said in the others is in `said`.
 * @param isTrusted the peer's X-Forwarded-* are believed
 * @param dropsRequestId the gateway sends an X-Kong-Request-Id of its own
 */
export function endToEndFields(
  headers: RequestHeaders,
  isTrusted: boolean,
  dropsRequestId: boolean,
): string {
  said.te = said.announcesBody = false
  said.via = said.forwardedFor = ''
  said.proto = said.host = said.port = said.path = said.prefix = null
  const fields =
    headers.text === ''
      ? fromList(headers, isTrusted, dropsRequestId)
      : fromText(headers.text, isTrusted, dropsRequestId)
  said.isSilent = saysNothing()
  return fields
}

// HOT PATH: runs of lines that go on are sliced as they are.
function fromText(text: string, isTrusted: boolean, dropsRequestId: boolean): string {
  let fields = ''
  let runStart = 0
  for (let start = 0; start < text.length;) {
    const colon = text.indexOf(':', start)
    const next = text.indexOf('\r\n', colon) + 2
    const kind = kindOf(text, start, colon - start)
    if (kind !== GOES_ON && (kind !== REQUEST_ID || dropsRequestId)) {
      if (kind !== DROPPED) note(kind, trimmed(text, colon + 1, next - 2), isTrusted)
      if (runStart < start) fields += text.slice(runStart, start)
      runStart = next
    }
    start = next
  }
  return runStart < text.length ? fields + text.slice(runStart) : fields
}

// HOT PATH
function fromList(
  { names, values }: RequestHeaders,
  isTrusted: boolean,
  dropsRequestId: boolean,
): string {
  let fields = ''
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? ''
    const value = values[i] ?? ''
    const kind = kindOf(name, 0, name.length)
    if (kind === GOES_ON || (kind === REQUEST_ID && !dropsRequestId)) {
      fields += `${name}: ${value}\r\n`
    } else if (kind !== DROPPED) note(kind, value, isTrusted)
  }
  return fields
}

// HOT PATH: names are told apart by their length first.
function kindOf(text: string, start: number, length: number): number {
  switch (length) {
    case 2:
      return isName(text, start, 'te') ? TE : GOES_ON
    case 3:
      return isName(text, start, 'via') ? VIA : GOES_ON
    case 4:
      return isName(text, start, 'host') ? DROPPED : GOES_ON
    case 5:
      return isName(text, start, 'proxy') ? DROPPED : GOES_ON
    case 6:
      return isName(text, start, 'expect') ? DROPPED : GOES_ON
    case 7:
      return isName(text, start, 'upgrade') ? DROPPED : GOES_ON
    case 9:
      return isName(text, start, 'x-real-ip') ? DROPPED : GOES_ON
    case 10:
      return isName(text, start, 'connection') || isName(text, start, 'keep-alive')
        ? DROPPED
        : GOES_ON
    case 14:
      return isName(text, start, 'content-length') ? FRAMING : GOES_ON
    case 15:
      return isName(text, start, 'x-forwarded-for') ? FORWARDED_FOR : GOES_ON
    case 16:
      if (isName(text, start, 'proxy-connection')) return DROPPED
      if (isName(text, start, 'x-forwarded-host')) return FORWARDED_HOST
      if (isName(text, start, 'x-forwarded-port')) return FORWARDED_PORT
      return isName(text, start, 'x-forwarded-path') ? FORWARDED_PATH : GOES_ON
    case 17:
      if (isName(text, start, 'transfer-encoding')) return FRAMING
      if (isName(text, start, 'x-kong-request-id')) return REQUEST_ID
      return isName(text, start, 'x-forwarded-proto') ? FORWARDED_PROTO : GOES_ON
    case 18:
      return isName(text, start, 'x-forwarded-prefix') ? FORWARDED_PREFIX : GOES_ON
    default:
      return GOES_ON
  }
}

function note(kind: number, value: string, isTrusted: boolean): void {
  switch (kind) {
    case TE:
      if (listsTrailers(value)) said.te = true
      return
    case VIA:
      said.via = said.via === '' ? value : `${said.via}, ${value}`
      return
    case FRAMING:
      said.announcesBody = true
      return
    case FORWARDED_FOR:
      // Kong goes on from the first line alone.
      if (said.forwardedFor === '') said.forwardedFor = value
      return
    default: {
      const what = FORWARDED[kind]
      if (isTrusted && what !== undefined) said[what] = value
    }
  }
}

function saysNothing(): boolean {
  const { forwardedFor, proto, host, port } = said
  return forwardedFor === '' && proto === null && host === null && port === null
}

/** Whether TE lists `trailers`; with a weight it does not count, as in Kong. */
function listsTrailers(te: string): boolean {
  return te.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers')
}
