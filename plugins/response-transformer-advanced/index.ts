// Changes the answer as response-transformer does, reaches into JSON, and can go by the status.
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  changeAnswerHeaders,
  changedJson,
  CollectedAnswer,
  contextKey,
  definePlugin,
  isJson,
  MAX_ANSWER_BYTES,
  type BodyFilterContext,
  type JsonSteps,
} from 'gw/plugin'
import { spec } from './spec.js'
import { stepsFor, useOf } from './use.js'

/** What becomes of the body of an answer. */
interface Change {
  /** What goes out in its place; null for what `json` makes of it. */
  readonly body: Buffer | null
  readonly json: JsonSteps | null
  readonly isGzip: boolean
  readonly collected: CollectedAnswer
}

const changes = contextKey<Change>('response-transformer-advanced')

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 800,
  prepare: useOf,

  // HOT PATH
  header_filter(ctx, use) {
    const { response } = ctx
    const { headers, json, body } = stepsFor(use, response.status)
    if (headers !== null) changeAnswerHeaders(response.headers, headers)
    const encoding = response.headers.get('content-encoding')
    const isGzip = encoding?.trim().toLowerCase() === 'gzip'
    const isChanged =
      json !== null &&
      isJson(response.headers.get('content-type')) &&
      (encoding === undefined || isGzip)
    if (body === null && !isChanged) {
      ctx.leaveBody()
      return
    }
    if (body !== null) response.headers.remove('content-encoding')
    ctx.set(changes, { body, json, isGzip, collected: new CollectedAnswer() })
  },

  body_filter(ctx, _use, chunk, last) {
    const change = ctx.get(changes)
    if (change === undefined) return chunk
    if (change.body !== null) return last ? change.body : null
    change.collected.add(chunk)
    return last ? changedBody(ctx, change) : null
  },
})

function changedBody(ctx: BodyFilterContext, { json, isGzip, collected }: Change): Buffer {
  const whole = collected.whole()
  if (json === null || whole.length === 0) return whole
  const body = isGzip ? unpacked(whole) : whole
  const changed = body === null ? null : changedJson(body, json)
  if (changed === null) {
    ctx.log.warn('body transform failed: the answer is no JSON object or list')
    return whole
  }
  return isGzip ? gzipSync(changed) : changed
}

/** Null for what is no gzip. What is too long must not leave as it is: it throws, which ends the answer. */
function unpacked(body: Buffer): Buffer | null {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_ANSWER_BYTES })
  } catch (error) {
    if (error instanceof RangeError) throw error
    return null
  }
}
