// Lines that must not compile: the compiler is the test. An expected error that does not come fails the build.
import { definePlugin, type ConfigOf } from 'gw/plugin'
import type keyAuth from '../../plugins/key-auth/index.js'
import type { schema as rateLimiting } from '../../plugins/rate-limiting/schema.js'
import type tagTenant from '../../examples/plugins/tag-tenant.js'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    size: { type: 'integer' },
    names: { type: 'array', items: { type: 'string' }, default: [] },
  },
} as const

definePlugin({
  name: 'typed',
  version: '1.0.0',
  priority: 1,
  schema,
  access(ctx, config) {
    const mode: 'a' | 'b' = config.mode
    // @ts-expect-error -- size has no default and may be missing
    const size: number = config.size
    // @ts-expect-error -- a field that the schema does not have
    const other: unknown = config.sizes
    // @ts-expect-error -- a configuration is frozen
    config.mode = 'b'
    // @ts-expect-error -- all the way down
    config.names.push('c')
    // @ts-expect-error -- not one of the values
    if (config.mode === 'c') return ctx.exit(500)
    return ctx.exit(200, { mode, size, other })
  },
  log(ctx) {
    // @ts-expect-error -- nothing can be answered any more
    ctx.exit(200)
  },
  header_filter(ctx) {
    // @ts-expect-error -- the request has left
    ctx.upstream.headers.set('a', 'b')
  },
})

definePlugin({
  name: 'prepared',
  version: '1.0.0',
  priority: 1,
  schema,
  prepare: (config) => ({ known: new Set(config.names) }),
  access(ctx, use) {
    // @ts-expect-error -- a phase gets what prepare has made, not the raw configuration
    const raw: unknown = use.names
    return use.known.has('a') ? ctx.exit(200, { raw }) : undefined
  },
})

// @ts-expect-error -- a plugin has a priority
definePlugin({ name: 'no-priority', version: '1.0.0', schema })

definePlugin({
  name: 'no-answer',
  version: '1.0.0',
  priority: 1,
  schema,
  // @ts-expect-error -- access returns what exit gives, or nothing
  access: () => true,
})

/** Of bundled plugins and the example. */
export function types(config: ConfigOf<typeof rateLimiting>): unknown[] {
  const limit: number | undefined = config.minute
  const port: number = config.redis.port
  // @ts-expect-error -- a limit may be missing
  const sure: number = config.minute
  type KeyAuth = NonNullable<typeof keyAuth.prepare>
  // @ts-expect-error -- key_names is a list
  const names: Parameters<KeyAuth>[0]['key_names'] = 'apikey'
  type TagTenant = NonNullable<typeof tagTenant.prepare>
  // @ts-expect-error -- neither a header nor the query
  const source: Parameters<TagTenant>[0]['source'] = 'cookie'
  return [limit, port, sure, names, source]
}
