// A plugin with a secret: tells the client how long it is, and nothing else.
import { definePlugin } from 'gw/plugin'

export default definePlugin({
  name: 'keeper',
  version: '1.0.0',
  priority: 50,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['secret'],
    properties: { secret: { type: 'string', minLength: 1, referenceable: true } },
  },
  header_filter(ctx, config) {
    ctx.response.headers.set('X-Secret-Length', String(config.secret.length))
  },
})
