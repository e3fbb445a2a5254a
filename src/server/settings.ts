// What both engines can be told besides where to listen.

/** nginx's names stand beside each; Kong's defaults where it has its own. What an engine cannot do is in its README section. */
export interface EngineSettings {
  /** How long a client may take to send the head of a request, in ms (client_header_timeout). */
  readonly headerTimeoutMs: number
  /** How long a connection is kept while nothing is asked, in ms; 0 closes it behind every answer (keepalive_timeout). */
  readonly keepaliveTimeoutMs: number
  /** Requests that a connection may bring (keepalive_requests). */
  readonly keepaliveRequests: number
  /** The longest request line, and the longest header line, in bytes (large_client_header_buffers, its size). */
  readonly lineBytes: number
  /** How many times that all header lines together may have (large_client_header_buffers, its number). */
  readonly lineBuffers: number
  /** Header lines of a request. nginx has no such limit; this one bounds what a plugin has to walk. */
  readonly headerLines: number
  /** The largest body of a request in bytes; 0 for no limit (client_max_body_size). */
  readonly maxBodyBytes: number
  /** How long a request body may pause between two pieces, in ms (nginx: client_body_timeout). */
  readonly bodyTimeoutMs: number
  /** How long a client may take nothing of an answer that waits for it, in ms (nginx: send_timeout). */
  readonly sendTimeoutMs: number
  /**
   * Drops header lines whose names have other characters than letters, digits, `-` and perhaps `_` (ignore_invalid_headers).
   * Some programs read such a name as another one.
   */
  readonly ignoresInvalidHeaders: boolean
  /** `_` is one of those characters (underscores_in_headers). */
  readonly takesUnderscores: boolean
  /**
   * Lets other processes listen on the same port; without it a forgotten process is found out at once. The engine of our
   * own can do it from Node.js 22.12 on.
   */
  readonly sharePort: boolean
}

export const DEFAULT_SETTINGS: EngineSettings = {
  headerTimeoutMs: 60_000,
  keepaliveTimeoutMs: 75_000,
  keepaliveRequests: 10_000,
  lineBytes: 8192,
  lineBuffers: 4,
  headerLines: 1000,
  maxBodyBytes: 0,
  bodyTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  ignoresInvalidHeaders: true,
  takesUnderscores: true,
  sharePort: false,
}
