// A plugin that changes requests and answers as its config says. Loaded by changes.test.ts as a user's plugin is.
import { contextKey, definePlugin } from 'gw/plugin'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    filter: {
      type: 'string',
      enum: ['double', 'hold', 'drop'],
      description: 'What becomes of the body of the answer.',
    },
    read: { type: 'integer', description: 'Read the body of the request, up to so many bytes.' },
    lenient: { type: 'boolean', description: 'Go on when the body is over that limit.' },
    body: { type: 'string', description: 'Send this body instead.' },
    method: { type: 'string', description: 'Ask with this method.' },
    path: { type: 'string', description: 'Ask for this path.' },
    host: { type: 'string', description: 'Send this Host.' },
    query: { type: 'string', description: 'Send this query.' },
    mark: { type: 'string', description: 'Value of X-Mark for target and client.' },
  },
} as const

const held = contextKey<Buffer[]>('held')

export default definePlugin({
  name: 'shape',
  version: '1.0.0',
  // After key-auth, so that the consumer's configuration counts.
  priority: 800,
  schema,
  async access(ctx, config) {
    const { upstream } = ctx
    if (config.read !== undefined) {
      try {
        const body = await ctx.request.readBody(config.read)
        upstream.headers.set('X-Body-Bytes', String(body.length))
      } catch (error) {
        if (config.lenient !== true) throw error
      }
    }
    if (config.body !== undefined) upstream.setBody(Buffer.from(config.body))
    if (config.method !== undefined) upstream.method = config.method
    if (config.path !== undefined) upstream.path = config.path
    if (config.host !== undefined) upstream.host = config.host
    if (config.query !== undefined) upstream.query.replace(config.query)
    if (config.mark !== undefined) upstream.headers.set('X-Mark', config.mark)
    return undefined
  },
  header_filter(ctx, { mark }) {
    if (mark !== undefined) ctx.response.headers.set('X-Mark', mark)
  },
  body_filter(ctx, { filter }, chunk, last) {
    switch (filter) {
      case 'double':
        return Buffer.concat([chunk, chunk])
      case 'drop':
        return null
      case 'hold': {
        const pieces = ctx.get(held) ?? []
        ctx.set(held, pieces)
        pieces.push(chunk)
        return last ? Buffer.from(`<${Buffer.concat(pieces).toString()}>`) : null
      }
      default:
        return chunk
    }
  },
})
