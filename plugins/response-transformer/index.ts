// Changes the answer before the client gets it: its headers, and the members of a JSON object in its body.
import { contextKey, definePlugin } from 'gw/plugin'
import { changeHeaders, headerSteps, type HeaderSteps } from './headers.js'
import { changedJson, isJson, jsonSteps, type JsonSteps } from './json.js'
import { spec } from './spec.js'

interface Use {
  readonly headers: HeaderSteps | null
  readonly json: JsonSteps | null
}

/** How much of a body is kept for its end; Kong keeps all of it. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024

const collected = contextKey<CollectedAnswer>('response-transformer')

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 800,

  prepare(config): Use {
    return { headers: headerSteps(config), json: jsonSteps(config) }
  },

  // HOT PATH
  header_filter(ctx, { headers, json }) {
    const { response } = ctx
    if (headers !== null) changeHeaders(response.headers, headers)
    // What is compressed is no JSON yet.
    const changes = json !== null && isJson(response.headers.get('content-type'))
    if (!changes || response.headers.has('content-encoding')) ctx.leaveBody()
    else ctx.set(collected, new CollectedAnswer())
  },

  body_filter(ctx, { json }, chunk, last) {
    const answer = ctx.get(collected)
    if (answer === undefined || json === null) return chunk
    answer.add(chunk)
    if (!last) return null
    const body = answer.whole()
    const changed = changedJson(body, json)
    if (changed === null && body.length > 0)
      ctx.log.warn('body transform failed: the answer is no JSON object')
    return changed ?? body
  },
})

class CollectedAnswer {
  readonly #chunks: Buffer[] = []
  #bytes = 0

  add(chunk: Buffer): void {
    this.#bytes += chunk.length
    // What was to be taken out must not leave in it: the answer ends here.
    if (this.#bytes > MAX_ANSWER_BYTES) {
      throw new Error(
        `a JSON answer of more than ${String(MAX_ANSWER_BYTES)} bytes cannot be changed`,
      )
    }
    this.#chunks.push(chunk)
  }

  whole(): Buffer {
    const [first] = this.#chunks
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
  }
}
