// How much of a request's body is kept here before the target hears of it: what `request_buffering` of a route means.
// `response_buffering` means nothing more: answers go on as they come, at the pace of the client.
import type { Route } from '../model/entities.js'

/** nginx's directives of that. */
export interface BufferSettings {
  /** Whether requests are buffered where the route leaves it open (proxy_request_buffering). */
  readonly requests: boolean
  /** How much of one is kept (client_body_buffer_size). */
  readonly requestBytes: number
}

/** Bytes of a body that are waited for, and kept for another try; 0 where it is passed on as it comes. */
export function requestBufferBytes(
  { request_buffering: isWanted, response_buffering: buffersAnswers }: Route,
  { requests, requestBytes }: BufferSettings,
): number {
  if (!isWanted) return 0
  // Kong: a route that turns the one off has the other on, whatever the directives say.
  return requests || !buffersAnswers ? requestBytes : 0
}
