// The body of a request to a page, never more of it than is allowed.
import type { IncomingMessage } from 'node:http'
import { json, PageRefusal } from './page.js'

/** What is thrown away of a body that is too large, so that its sender can read why, before the connection is cut. */
const MAX_DISCARDED = 64 * 1024 * 1024
const DISCARD_MS = 5_000

/** @throws PageRefusal with 413 for a body past the limit */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    // Who asks first has not sent it.
    if (request.headers.expect === undefined) await discard(request)
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > maxBytes) {
      await discard(request)
      throw tooLarge()
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

/** nginx's words in JSON, as all that this listener answers; the connection ends, since more of the body may come. */
function tooLarge(): PageRefusal {
  return new PageRefusal(json(413, { message: 'Request body too large' }, { Connection: 'close' }))
}

/** Reads to the end and keeps nothing: an answer in the middle of a body would reach few clients. */
function discard(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = MAX_DISCARDED
    const timer = setTimeout(done, DISCARD_MS)
    function done(): void {
      clearTimeout(timer)
      request.off('data', count)
      for (const event of ['end', 'close', 'error']) request.off(event, done)
      resolve()
    }
    function count(chunk: Buffer): void {
      left -= chunk.length
      if (left < 0) done()
    }
    request.on('data', count)
    for (const event of ['end', 'close', 'error']) request.on(event, done)
    request.resume()
  })
}
