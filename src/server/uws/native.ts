// The part of uWebSockets.js that the engine uses, with types that tell the truth, and how it is loaded. "Trap n" in
// this folder's comments are faults of that library which were reproduced; test/e2e/engine/ shows each.
import type { WebSocketEnd } from './websocket-end.js'

/** Dead once the answer is complete or the client is gone: every call throws then (trap 3). */
export interface UwsResponse {
  onAborted(handler: () => void): void
  onData(handler: (chunk: ArrayBuffer, last: boolean) => void): void
  /** Must have written or corked something when it returns, or buffered bytes stay where they are (trap 7). */
  onWritable(handler: (offset: number) => boolean): void
  cork(handler: () => void): void
  writeStatus(status: string | Uint8Array): void
  /** False when bytes were left over; they are buffered then. */
  write(chunk: Uint8Array): boolean
  /** [all was taken, the answer is complete]; what was not taken is NOT buffered. */
  tryEnd(chunk: string | Uint8Array, totalSize: number): readonly [boolean, boolean]
  getWriteOffset(): number
  /** With `closeConnection` it writes `Connection: close` at the place where it is called, be it within a body. */
  end(body?: string | Uint8Array, closeConnection?: boolean): void
  /** Must not be given any argument: a length ends the process or breaks the next request (trap 2). */
  endWithoutBody(): void
  close(): void
  /** Also stops the library's clock; the next `resume` starts it again with 10 s. */
  pause(): void
  /** Without a `pause` before it the connection would be deaf from then on (trap 4). */
  resume(): void
  getRemoteAddress(): ArrayBuffer
  /**
   * Ends the answer, with Sec-WebSocket-Accept and Date of its own. `open` is called before it returns, and `onAborted` no
   * more. Not to be called corked, but where the request has just come (trap 24).
   * @param data whose properties the WebSocket gets
   * @param key of 24 characters
   * @param protocol empty when the status has its line already
   */
  upgrade(
    data: UwsWebSocketData,
    key: string,
    protocol: string,
    extensions: string,
    upgrade: UwsUpgrade,
  ): void
}

export interface UwsWebSocketData {
  readonly tunnel: WebSocketEnd
}

/** A native pointer; the same for all handshakes that a behaviour takes. */
export type UwsUpgrade = object

/** Dead from its close event on, which `end` and `close` call before they return: every call throws then. */
export interface UwsWebSocket extends UwsWebSocketData {
  /** The bytes are sent or copied before it returns; when the client does not keep up they are buffered. */
  send(payload: Uint8Array, isBinary: boolean, isCompressed: boolean): number
  ping(payload: Uint8Array): number
  /** A close frame behind what is buffered; code 0 for one without. Cut some 10 s later if the client does not close. */
  end(code: number, reason: Uint8Array): void
  /** Cuts, with all that is buffered. */
  close(): void
  cork(handler: () => void): void
  getBufferedAmount(): number
}

/** Pings and close frames of the client are answered by the library itself. Payloads live until the handler returns. */
export interface UwsWebSocketBehavior {
  readonly compression: number
  /** Past this the connection is cut. */
  readonly maxPayloadLength: number
  /** 0 for no limit: past a limit messages would be dropped without a word. */
  readonly maxBackpressure: number
  /** 0 for ever. */
  readonly idleTimeout: number
  readonly sendPingsAutomatically: boolean
  /** Called for a GET that has a Sec-WebSocket-Key of 24 characters, whatever else it says. */
  upgrade(res: UwsResponse, req: UwsRequest, upgrade: UwsUpgrade): void
  open(ws: UwsWebSocket): void
  message(ws: UwsWebSocket, payload: ArrayBuffer, isBinary: boolean): void
  ping(ws: UwsWebSocket, payload: ArrayBuffer): void
  pong(ws: UwsWebSocket, payload: ArrayBuffer): void
  drain(ws: UwsWebSocket): void
  /** 1005 for a close frame without a code; 1006, with a text of the library, for none. */
  close(ws: UwsWebSocket, code: number, reason: ArrayBuffer): void
}

/** Dead once the request handler has returned. */
export interface UwsRequest {
  getCaseSensitiveMethod(): string
  getUrl(): string
  /** Without an argument: undefined when the target has no `?`, empty when nothing follows it. */
  getQuery(): string | undefined
  forEach(each: (name: string, value: string) => void): void
}

/** A native pointer. */
export type UwsListenSocket = object

export interface UwsApp {
  /**
   * Hears of every connection: +1 before its first request, with an address to ask for; -1 when it is gone, unless it had
   * become a WebSocket.
   */
  filter(each: (res: UwsResponse, change: number) => void): void
  any(pattern: string, handler: (res: UwsResponse, req: UwsRequest) => void): void
  /** Its requests go before those of `any`. */
  ws(pattern: string, behavior: UwsWebSocketBehavior): void
  listen(
    host: string,
    port: number,
    options: number,
    done: (socket: UwsListenSocket | false) => void,
  ): void
  close(): void
}

/** Files are read when they are named here, not later. */
export interface UwsTlsOptions {
  readonly key_file_name: string
  readonly cert_file_name: string
  readonly ssl_ciphers?: string
}

/** A native pointer to an app. */
export type UwsAppDescriptor = number

export interface UwsTlsApp extends UwsApp {
  /** `*` stands for one label. Says nothing when a name is there already, or a file cannot be used. */
  addServerName(pattern: string, options: UwsTlsOptions): void
  /** Frees the name's router, which connections that came in by it still use (trap 23). */
  removeServerName(pattern: string): void
  /** Turns the app to the router of that name, for the handlers that follow. Prints a line to standard output. */
  domain(pattern: string): UwsTlsApp
  getDescriptor(): UwsAppDescriptor
  /** From now on this app handles nothing itself: it hands each connection that it accepts to one of these. */
  addChildAppDescriptor(app: UwsAppDescriptor): void
  removeChildAppDescriptor(app: UwsAppDescriptor): void
}

export interface Uws {
  App(): UwsApp
  SSLApp(options: UwsTlsOptions): UwsTlsApp
  us_listen_socket_close(socket: UwsListenSocket): void
  us_socket_local_port(socket: UwsListenSocket): number
  _cfg(setting: string): void
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number
}

let loading: Promise<Uws> | null = null

/**
 * Loads the native module at first use, so that a process which only checks a file never does. In a worker thread
 * the header limit must be set before it starts: what it writes into process.env stays its own.
 * @param headBytes the longest head that it reads; whoever loads it first decides. Longer ones it answers 431 by itself
 */
export function loadUws(headBytes: number): Promise<Uws> {
  return (loading ??= load(headBytes))
}

async function load(headBytes: number): Promise<Uws> {
  // Trap 9: 4 KB by default, while nginx takes four buffers of 8 KB; read from the environment as the library loads.
  process.env.UWS_HTTP_MAX_HEADERS_SIZE ??= String(headBytes)
  const module: unknown = await import('uWebSockets.js')
  const uws = module as Uws
  // Trap 18: this number stops the `uWebSockets` header that it adds to every answer.
  uws._cfg('999999990007')
  return uws
}
