// The engine as its exchanges see it.
import type { AnswerStream } from './answer-stream.js'
import type { WebSocketHost } from './websocket-end.js'

export interface ExchangeHost extends WebSocketHost {
  /** Ticks without a piece of the body that a client is allowed. */
  readonly bodyPatience: number
  /** Of a request's body; Infinity without a limit. */
  readonly mostBodyBytes: number
  readonly isDraining: boolean
  pending: number
  /** Calls `flush` when this turn of the event loop is over. */
  flushSoon(stream: AnswerStream): void
}
