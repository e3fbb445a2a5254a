// Every write to uWebSockets.js: corked, so that head and body leave in one packet. The functions that `cork` calls
// are fixed and find their arguments in this module's variables: a closure for each answer would cost more.
import type { UwsResponse } from './native.js'

let res: UwsResponse
let head: string | Uint8Array | null = null
let body: string | Uint8Array | null = null
let total = 0
let closes = false
let isTaken = false
let isComplete = false

/**
 * HOT PATH: a whole answer.
 * @param bytes null for an answer without a body; its Content-Length, if any, is part of the head
 * @param closing closes the connection behind it, and says so in the head
 */
export function sendWhole(
  to: UwsResponse,
  headBytes: string | Uint8Array,
  bytes: string | Uint8Array | null,
  closing: boolean,
): void {
  res = to
  head = headBytes
  body = bytes
  closes = closing
  to.cork(whole)
  head = body = null
}

function whole(): void {
  // Trap 18: it puts Date behind these lines; fields come to it without.
  if (head !== null) res.writeStatus(head)
  if (body === null) res.endWithoutBody()
  else if (closes) res.end(body, true)
  else res.end(body)
}

/** A piece of a body whose length is not known. False when bytes of it are buffered. */
export function sendChunk(
  to: UwsResponse,
  headBytes: string | Uint8Array | null,
  bytes: Uint8Array,
): boolean {
  res = to
  head = headBytes
  body = bytes
  to.cork(chunk)
  head = body = null
  return isTaken
}

function chunk(): void {
  if (head !== null) res.writeStatus(head)
  isTaken = res.write(body as Uint8Array)
}

/**
 * A piece of a body of `length` bytes.
 * @returns false when not all of it was taken: `getWriteOffset` tells how much
 */
export function sendPart(
  to: UwsResponse,
  headBytes: string | Uint8Array | null,
  bytes: Uint8Array | string,
  length: number,
): boolean {
  res = to
  head = headBytes
  body = bytes
  total = length
  to.cork(part)
  head = body = null
  // Complete, with the end in the library's own buffer: it is as good as taken.
  return isTaken || isComplete
}

function part(): void {
  if (head !== null) res.writeStatus(head)
  const result = res.tryEnd(body ?? '', total)
  isTaken = result[0]
  isComplete = result[1]
}

/** The end of a chunked body, or of an answer whose empty body is part of its framing. */
export function sendEnd(to: UwsResponse, headBytes: string | Uint8Array | null): void {
  res = to
  head = headBytes
  to.cork(end)
  head = null
}

function end(): void {
  if (head !== null) res.writeStatus(head)
  res.end()
}

/** Trap 7: hands what the library has buffered to the system; it does not do so by itself once onWritable is set. */
export function sendBuffered(to: UwsResponse): void {
  to.cork(nothing)
}

function nothing(): void {
  // Corking alone is what helps.
}
