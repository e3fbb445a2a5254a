// Lets webhooks pass that are signed as the Standard Webhooks specification has it.
import { createHmac } from 'node:crypto'
import {
  MAX_FIELDS_BYTES,
  definePlugin,
  equalSecrets,
  type AccessContext,
  type Exit,
} from 'gw/plugin'
import { schema } from './schema.js'

interface Use {
  readonly secret: string
  readonly toleranceSeconds: number
}

// As everybody writes it. Kong takes any number that Lua reads, and signs it as Lua writes it.
const TIMESTAMP = /^(?:0|[1-9]\d{0,13})$/

let now: () => number = Date.now

export default definePlugin({
  name: 'standard-webhooks',
  version: '3.9.1',
  priority: 760,
  schema,
  scopes: ['global', 'service', 'route'],

  init(env) {
    now = () => env.now()
  },

  prepare(config): Use {
    return { secret: config.secret_v1, toleranceSeconds: config.tolerance_second }
  },

  // HOT PATH up to the body
  access(ctx, use) {
    const id = only(ctx, 'webhook-id')
    const timestamp = only(ctx, 'webhook-timestamp')
    const signature = only(ctx, 'webhook-signature')
    if (id === null || timestamp === null || signature === null) return refuse(ctx)
    if (!TIMESTAMP.test(timestamp) || ctx.request.bodyLength === 0) return refuse(ctx)
    const age = Math.floor(now() / 1000) - Number(timestamp)
    if (age > use.toleranceSeconds) return refuse(ctx)
    return checkBody(ctx, use, `${id}.${timestamp}.`, signature)
  },
})

/** The value of the header; null for none or several, of which the target might take another than is signed. */
function only({ request }: AccessContext, name: string): string | null {
  const values = request.headers.getAll(name)
  return values.length === 1 ? (values[0] ?? null) : null
}

function refuse(ctx: AccessContext): Exit {
  return ctx.error(400)
}

async function checkBody(
  ctx: AccessContext,
  { secret }: Use,
  prefix: string,
  signature: string,
): Promise<Exit | undefined> {
  const body = await ctx.request.readBody(MAX_FIELDS_BYTES)
  if (body.length === 0) return refuse(ctx)
  const expected = `v1,${createHmac('sha256', secret).update(prefix).update(body).digest('base64')}`
  return equalSecrets(Buffer.from(signature), Buffer.from(expected)) ? undefined : refuse(ctx)
}
