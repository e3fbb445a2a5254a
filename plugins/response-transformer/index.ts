// Changes the answer before the client gets it: its headers, and the members of a JSON object in its body.
import {
  changeAnswerHeaders,
  changedJson,
  CollectedAnswer,
  contextKey,
  definePlugin,
  headerSteps,
  isJson,
  jsonSteps,
  type HeaderSteps,
  type JsonSteps,
} from 'gw/plugin'
import { spec } from './spec.js'

interface Use {
  readonly headers: HeaderSteps | null
  readonly json: JsonSteps | null
}

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
    if (headers !== null) changeAnswerHeaders(response.headers, headers)
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
