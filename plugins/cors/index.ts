// Tells browsers which pages may call (CORS): answers preflights, and marks every other answer, errors included.
import {
  contextKey,
  definePlugin,
  type AccessContext,
  type Exit,
  type Headers,
  type RequestContext,
} from 'gw/plugin'
import { allowedOrigin, originRule, type OriginRule } from './origins.js'
import { rules } from './rules.js'
import { schema } from './schema.js'

interface Use {
  readonly origins: OriginRule
  readonly credentials: boolean
  readonly privateNetwork: boolean
  readonly preflightContinue: boolean
  /** Header values; null for a header that is not sent. */
  readonly allowHeaders: string | null
  readonly allowMethods: string
  readonly exposeHeaders: string | null
  readonly maxAge: string | null
}

/** Set once a preflight has been answered or left to the target: header_filter then adds nothing. */
const IS_PREFLIGHT = contextKey<true>('cors preflight')

export default definePlugin({
  name: 'cors',
  version: '3.9.1',
  priority: 2000,
  schema,
  rules,
  scopes: ['global', 'service', 'route'],

  prepare(config): Use {
    return {
      origins: originRule(config.origins),
      credentials: config.credentials,
      privateNetwork: config.private_network,
      preflightContinue: config.preflight_continue,
      allowHeaders: joined(config.headers),
      allowMethods: config.methods.join(','),
      exposeHeaders: joined(config.exposed_headers),
      maxAge: config.max_age === undefined ? null : String(config.max_age),
    }
  },

  // HOT PATH
  access(ctx, use) {
    if (ctx.request.method !== 'OPTIONS') return undefined
    const { headers } = ctx.request
    if (!headers.has('origin') || !headers.has('access-control-request-method')) return undefined
    ctx.set(IS_PREFLIGHT, true)
    return use.preflightContinue ? undefined : answerPreflight(ctx, use)
  },

  // HOT PATH
  header_filter(ctx, use) {
    if (ctx.get(IS_PREFLIGHT) !== undefined) return
    const { headers } = ctx.response
    // The target may vary by other headers: a second Vary stands beside its own.
    allow(ctx, use, headers, addVary)
    if (use.exposeHeaders !== null) headers.set('Access-Control-Expose-Headers', use.exposeHeaders)
  },
})

function joined(names: readonly string[] | undefined): string | null {
  return names === undefined || names.length === 0 ? null : names.join(',')
}

function answerPreflight(ctx: AccessContext, use: Use): Exit {
  const { headers } = ctx.response
  const asked = ctx.request.headers
  allow(ctx, use, headers, setVary)
  const allowHeaders = use.allowHeaders ?? asked.get('access-control-request-headers')
  if (allowHeaders !== undefined) headers.set('Access-Control-Allow-Headers', allowHeaders)
  headers.set('Access-Control-Allow-Methods', use.allowMethods)
  if (use.maxAge !== null) headers.set('Access-Control-Max-Age', use.maxAge)
  if (use.privateNetwork && asked.get('access-control-request-private-network') === 'true') {
    headers.set('Access-Control-Allow-Private-Network', 'true')
  }
  return ctx.exit(200)
}

function addVary(headers: Headers): void {
  headers.add('Vary', 'Origin')
}

function setVary(headers: Headers): void {
  headers.set('Vary', 'Origin')
}

/** Allow-Origin, Allow-Credentials and Vary. HOT PATH */
function allow(
  ctx: RequestContext,
  { origins, credentials }: Use,
  headers: Headers,
  vary: (headers: Headers) => void,
): void {
  const requestOrigin = ctx.request.headers.get('origin')
  let allowed: string | null
  if (origins.kind === 'all') allowed = '*'
  else {
    vary(headers)
    if (origins.kind === 'fixed') allowed = origins.origin
    else
      allowed = requestOrigin === undefined ? null : allowedOrigin(origins.entries, requestOrigin)
  }

  if (credentials && allowed === '*') {
    // A star is not honoured together with credentials (Fetch, 3.3.5): the origin itself is named instead.
    if (requestOrigin !== undefined) {
      vary(headers)
      headers.set('Access-Control-Allow-Credentials', 'true')
      allowed = requestOrigin
    }
  } else if (credentials) headers.set('Access-Control-Allow-Credentials', 'true')

  if (allowed === null) headers.remove('Access-Control-Allow-Origin')
  else headers.set('Access-Control-Allow-Origin', allowed)
}
