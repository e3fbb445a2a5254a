// A request for a WebSocket on uWebSockets.js, whose library answers it and frames what follows by itself: what of the
// handshake may pass in either direction, and what it has to say for itself.
import { acceptOf } from '../../util/websocket/frame.js'
import type { UwsUpgrade } from './native.js'
import type { RequestHead } from './request-head.js'
import type { SpareResponse } from './spare-response.js'

export interface Handshake {
  /** Sec-WebSocket-Key, which the library has seen to have 24 characters. */
  readonly key: string
  readonly upgrade: UwsUpgrade
  readonly spare: SpareResponse
  /** To be called when the connection is gone that has become a WebSocket. */
  readonly forget: () => void
}

const LISTS_UPGRADE = /(?:^|,)[ \t]*upgrade[ \t]*(?:,|$)/i

/** One Upgrade that says nothing else (Kong), of a request that nothing can hide behind. */
export function asksForWebSocket({ headers, bodyLength }: Readonly<RequestHead>): boolean {
  return (
    bodyLength === 0 &&
    headers.getAll('upgrade').join().toLowerCase() === 'websocket' &&
    LISTS_UPGRADE.test(headers.getAll('connection').join())
  )
}

/**
 * Null when the request, though it has a key, asks for no WebSocket: it is a plain one then.
 *
 * Takes Sec-WebSocket-Extensions out, and so with permessage-deflate: frames are made anew here, so that both ends have
 * to do without. The library's own compression is off, and the target is not offered any.
 */
export function readHandshake(
  head: Readonly<RequestHead>,
  upgrade: UwsUpgrade,
  spare: SpareResponse,
  forget: () => void,
): Handshake | null {
  const { headers, fault } = head
  if (fault !== null || !asksForWebSocket(head)) return null
  headers.remove('sec-websocket-extensions')
  return { key: headers.get('sec-websocket-key') ?? '', upgrade, spare, forget }
}

const ACCEPT = /^sec-websocket-accept:[ \t]*(.*?)[ \t]*\r\n/gim
const EXTENSIONS = /^sec-websocket-extensions:.*\r\n/gim

/**
 * The fields of the target's 101 as they may be handed to the library, which adds Sec-WebSocket-Accept by itself; null
 * when the target's own is wrong. On the client's behalf, since the client gets to see the library's.
 */
export function switchingFields(fields: string, key: string): string | null {
  const accepts = [...fields.matchAll(ACCEPT)].map(([, accept]) => accept)
  if (accepts.length !== 1 || accepts[0] !== acceptOf(key)) return null
  return fields.replace(ACCEPT, '').replace(EXTENSIONS, '')
}
