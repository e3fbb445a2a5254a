// Request bodies that a plugin has read or made: kept in memory, and handed to the target from there.
import { RequestError, expected } from '../errors/gateway-error.js'
import type { BodyReader, BodySource } from '../model/exchange.js'

/** A body that is there already. */
export class BufferedBody implements BodySource {
  readonly bodyLength: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.bodyLength = bytes.length
  }

  readBody(reader: BodyReader): void {
    reader.onBodyChunk(this.#bytes, true)
  }
  // There is one piece only; nothing to hold back.
  pauseBody(): void {
    return
  }
  resumeBody(): void {
    return
  }
}

/** Reads a source to its end. Rejects with BODY_TOO_LARGE as soon as more than `limitBytes` have come or are announced. */
export function collectBody(source: BodySource, limitBytes: number): Promise<Buffer> {
  if (source.bodyLength === 0) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      expected(RequestError, 'BODY_TOO_LARGE', { detail: `the body is over ${limitBytes} bytes` })
    if (source.bodyLength > limitBytes) {
      reject(tooLarge())
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    source.readBody({
      onBodyChunk(chunk, last) {
        bytes += chunk.length
        if (bytes > limitBytes) {
          source.pauseBody()
          reject(tooLarge())
          return
        }
        chunks.push(chunk)
        if (last) resolve(Buffer.concat(chunks, bytes))
      },
    })
  })
}
