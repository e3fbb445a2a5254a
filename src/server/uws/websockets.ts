// How WebSockets come out of uWebSockets.js: its settings and events, and the answer that makes one of a request.
import { headBytes, headText } from '../response-text.js'
import { OPCODES } from '../../util/websocket/frame.js'
import type { Handshake } from './handshake.js'
import type { UwsResponse, UwsWebSocket, UwsWebSocketBehavior } from './native.js'
import { MOST_MESSAGE_BYTES, WebSocketEnd, type WebSocketHost } from './websocket-end.js'

/** Answers 101 and takes the connection over. What the library adds to the head leaves piece by piece (trap 24). */
export function openWebSocket(
  host: WebSocketHost,
  res: UwsResponse,
  fields: string,
  { key, upgrade, forget, spare }: Handshake,
): WebSocketEnd {
  const tunnel = new WebSocketEnd(host, forget)
  host.opened(tunnel)
  res.cork(() => res.writeStatus(headBytes(headText(101, fields, ''))))
  spare.whileCorked(() => res.upgrade({ tunnel }, key, '', '', upgrade))
  return tunnel
}

/** @param upgrade as in UwsWebSocketBehavior */
export function webSocketBehavior(
  host: WebSocketHost,
  upgrade: UwsWebSocketBehavior['upgrade'],
): UwsWebSocketBehavior {
  /** Trap 1 holds for these, too: none may throw into the library. */
  const guarded =
    <A extends unknown[]>(handler: (end: WebSocketEnd, ...rest: A) => void) =>
    ({ tunnel }: UwsWebSocket, ...rest: A): void => {
      try {
        handler(tunnel, ...rest)
      } catch (error) {
        host.report(error, 'a WebSocket failed')
        tunnel.reset()
      }
    }
  return {
    compression: 0,
    maxPayloadLength: MOST_MESSAGE_BYTES,
    maxBackpressure: 0,
    // The target's end has the time-outs of the service, which count what passes here as well.
    idleTimeout: 0,
    sendPingsAutomatically: false,
    upgrade,
    open: (ws) => ws.tunnel.opened(ws),
    message: guarded((end, payload: ArrayBuffer, isBinary: boolean) =>
      end.onClientFrame(isBinary ? OPCODES.binary : OPCODES.text, payload),
    ),
    ping: guarded((end, payload: ArrayBuffer) => end.onClientFrame(OPCODES.ping, payload)),
    pong: guarded((end, payload: ArrayBuffer) => end.onClientFrame(OPCODES.pong, payload)),
    drain: guarded((end) => end.onDrain()),
    close: guarded((end, code: number, reason: ArrayBuffer) => end.onDisconnect(code, reason)),
  }
}
