// An example of a plugin of your own: tells the target which tenant a request is for, and refuses those that do not say.
import { definePlugin, headerName, type AccessContext } from 'gw/plugin'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    source: {
      type: 'string',
      enum: ['header', 'query'],
      default: 'header',
      description: 'Where the client names its tenant.',
    },
    name: {
      ...headerName,
      default: 'X-Tenant',
      description: 'Name of that header or query argument.',
    },
    tenants: {
      type: 'array',
      items: { type: 'string', minLength: 1, description: 'Name of a tenant.' },
      description: 'Tenants that may come; every one when left out.',
    },
    target_header: {
      ...headerName,
      default: 'X-Tenant-Name',
      description: 'Header in which the target gets the tenant.',
    },
  },
} as const

export default definePlugin({
  name: 'tag-tenant',
  version: '1.0.0',
  // After authentication (key-auth: 1250), before rate-limiting (910).
  priority: 920,
  schema,

  // Once per configured use, when the file is loaded. The type of `config` follows from the schema above.
  prepare(config) {
    return {
      read:
        config.source === 'header'
          ? (ctx: AccessContext) => ctx.request.headers.get(config.name)
          : (ctx: AccessContext) => ctx.request.query.get(config.name),
      known: config.tenants === undefined ? null : new Set(config.tenants),
      targetHeader: config.target_header,
      missing: { message: `${config.name} is missing` },
    }
  },

  // Once per request; `use` is what prepare has returned.
  access(ctx, use) {
    const tenant = use.read(ctx)
    if (tenant === undefined || tenant === true || tenant === '') return ctx.exit(400, use.missing)
    if (use.known !== null && !use.known.has(tenant)) return ctx.exit(403, UNKNOWN)
    ctx.upstream.headers.set(use.targetHeader, tenant)
    return undefined
  },
})

const UNKNOWN = { message: 'unknown tenant' }
