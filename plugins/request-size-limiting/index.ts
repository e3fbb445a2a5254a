// Refuses requests whose body is longer than allowed.
import { definePlugin, type AccessContext, type Exit } from 'gw/plugin'
import { schema } from './schema.js'

interface Use {
  readonly limitBytes: number
  readonly requiresLength: boolean
}

export default definePlugin({
  name: 'request-size-limiting',
  version: '3.9.1',
  priority: 951,
  schema,

  prepare(config): Use {
    return {
      limitBytes: config.allowed_payload_size * UNIT_BYTES[config.size_unit],
      requiresLength: config.require_content_length,
    }
  },

  // HOT PATH: only a body whose length nobody has announced is waited for.
  access(ctx, use) {
    const { bodyLength } = ctx.request
    if (bodyLength < 0) return measure(ctx, use.limitBytes)
    if (use.requiresLength && !hasFraming(ctx)) return ctx.error(411, NO_LENGTH)
    return bodyLength > use.limitBytes ? refuse(ctx) : undefined
  },
})

const UNIT_BYTES = { megabytes: 1024 * 1024, kilobytes: 1024, bytes: 1 } as const

const TOO_LARGE = 'Request size limit exceeded'
const NO_LENGTH = 'A valid Content-Length header is required'

/** Kong: a request without a body has to say so. One in chunks may have been read by another plugin already. */
function hasFraming({ request: { headers } }: AccessContext): boolean {
  return headers.has('content-length') || headers.has('transfer-encoding')
}

/** Reads the body up to the limit. If it is not over, the target gets it from memory. */
async function measure(ctx: AccessContext, limitBytes: number): Promise<Exit | undefined> {
  try {
    await ctx.request.readBody(limitBytes)
    return undefined
  } catch (error) {
    if (!isBodyTooLarge(error)) throw error
    return refuse(ctx)
  }
}

function isBodyTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'BODY_TOO_LARGE'
}

function refuse(ctx: AccessContext): Exit {
  const expectation = ctx.request.headers.get('expect')
  return ctx.error(expectation?.trim().toLowerCase() === '100-continue' ? 417 : 413, TOO_LARGE)
}
