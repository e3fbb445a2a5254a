// A plugin that says which phases a request came to. Loaded by tunnels.test.ts as a user's plugin is.
import { definePlugin } from 'gw/plugin'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    status: { type: 'integer', default: 0, description: 'What answers become; 0 for as they are.' },
    throws: { type: 'boolean', default: false, description: 'Goes wrong in header_filter.' },
  },
} as const

export default definePlugin({
  name: 'witness',
  version: '1.0.0',
  priority: 600,
  schema,
  header_filter(ctx, { status, throws }) {
    if (throws) throw new Error('trouble')
    ctx.response.headers.set('X-Witness', String(ctx.response.status))
    if (status > 0) ctx.response.status = status
  },
  body_filter(_ctx, _config, chunk) {
    return Buffer.from(chunk.toString('latin1').toUpperCase(), 'latin1')
  },
  log(ctx) {
    const { status, responseBytes } = ctx.entry
    ctx.log.warn(`witnessed ${status} with ${responseBytes} bytes`)
  },
})
