// Who is calling, by the access token of the request.
import {
  StoreError,
  bodyKind,
  readFields,
  setAnonymousConsumer,
  setConsumer,
  valueOf,
  withoutField,
  type AccessContext,
  type Awaitable,
  type Credential,
  type Exit,
} from 'gw/plugin'
import type { Grant } from './issued.js'
import type { Means } from './endpoints.js'
import { MAX_BODY_BYTES } from './parameters.js'
import { placeOf } from './service-id.js'
import { INVALID_TOKEN, type Use } from './use.js'

const FIELD = 'access_token'

const MISSING = { error: 'invalid_request', error_description: 'The access token is missing' }
const INVALID = { error: 'invalid_token', error_description: INVALID_TOKEN }
const GLOBAL = {
  error: 'invalid_token',
  error_description:
    "The access token is global, but the current plugin is configured without 'global_credentials'",
}

/** HOT PATH: nothing waits for a token that is in a header, and declared or known in this worker. */
export function authenticate(ctx: AccessContext, means: Means): Awaitable<Exit | undefined> {
  const { use } = means
  const { headers } = ctx.request
  const header = valueOf(headers, use.headers)
  if (header !== undefined) {
    if (use.hide) for (const spelling of use.headers) ctx.upstream.headers.remove(spelling)
    return judge(ctx, means, tokenOf(header))
  }
  if (mayHaveFields(ctx)) return authenticateByBody(ctx, means)
  return judge(ctx, means, argumentOf(ctx, use))
}

const SCHEME = /^\s*(?:bearer|token)\s+(\S+)\s*$/i

/** Kong: a header of another form is taken whole. */
function tokenOf(header: string): string {
  return SCHEME.exec(header)?.[1] ?? header
}

/** Kong: no list, and no argument without a value. */
function argumentOf(ctx: AccessContext, { hide }: Use): string | undefined {
  const all = ctx.request.query.getAll(FIELD)
  if (hide && all.length > 0) ctx.upstream.query.remove(FIELD)
  const [value] = all
  return all.length === 1 && typeof value === 'string' ? value : undefined
}

/** A longer body is an upload, and not read for a token; nor one of unknown length that may do without. */
function mayHaveFields({ request }: AccessContext): boolean {
  const { method, bodyLength } = request
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return false
  if (bodyLength === 0 || bodyLength > MAX_BODY_BYTES) return false
  if (bodyLength < 0 && request.query.get(FIELD) !== undefined) return false
  return bodyKind(request.headers.get('content-type')) !== null
}

async function authenticateByBody(ctx: AccessContext, means: Means): Promise<Exit | undefined> {
  const type = ctx.request.headers.get('content-type')
  const body = await ctx.request.readBody(MAX_BODY_BYTES)
  const field = readFields(type, body)?.get(FIELD)
  const argument = argumentOf(ctx, means.use)
  if (field === undefined || field === null) return judge(ctx, means, argument)
  if (means.use.hide) ctx.upstream.setBody(withoutField(type, body, FIELD))
  // The body counts before the query.
  return judge(ctx, means, typeof field === 'string' ? field : undefined)
}

function judge(
  ctx: AccessContext,
  means: Means,
  text: string | undefined,
): Awaitable<Exit | undefined> {
  if (text === undefined) {
    return refuse(ctx, means.use, MISSING, means.use.refusal.challenge)
  }
  const declared = ctx.store.credential('oauth2_tokens', text)
  if (declared !== undefined) return admit(ctx, means.use, declaredGrant(declared, means.now))
  const grant = means.issued.access(text)
  if (grant === null || !('then' in grant)) return admit(ctx, means.use, grant)
  return grant.then(
    (found) => admit(ctx, means.use, found),
    (error: unknown) => {
      if (error instanceof StoreError) return ctx.error(500)
      throw error
    },
  )
}

/** Null for a token that has expired. */
function declaredGrant(token: Credential, now: number): Grant | null {
  const { ttl, expires_in: seconds, created_at: createdAt, credential, service } = token
  if (ttl !== null && ttl * 1000 <= now) return null
  if (Number(seconds) > 0 && now / 1000 - createdAt > Number(seconds)) return null
  return {
    clientId: String((credential as { readonly client_id: unknown }).client_id),
    consumerId: token.consumer.id,
    serviceId: (service as { readonly id: string } | null)?.id ?? null,
    userId: textOrNull(token.authenticated_userid),
    scope: textOrNull(token.scope),
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function admit(ctx: AccessContext, use: Use, grant: Grant | null): Exit | undefined {
  if (grant === null) return refuse(ctx, use, INVALID, use.invalidToken)
  if (grant.serviceId === null && !use.isGlobal) return refuse(ctx, use, GLOBAL, use.invalidToken)
  if (grant.serviceId !== null && grant.serviceId !== placeOf(ctx)) {
    return refuse(ctx, use, INVALID, use.invalidToken)
  }
  const credential = ctx.store.credential('oauth2_credentials', grant.clientId)
  // A reload may have taken the client away, or given its name to somebody else.
  if (credential?.consumer.id !== grant.consumerId) {
    return refuse(ctx, use, INVALID, use.invalidToken)
  }
  setConsumer(ctx, credential.consumer, credential, grant.clientId)
  tell(ctx, 'X-Authenticated-Scope', grant.scope)
  tell(ctx, 'X-Authenticated-UserId', grant.userId)
  return undefined
}

function refuse(
  ctx: AccessContext,
  { refusal }: Use,
  body: object,
  headers: Readonly<Record<string, string>>,
): Exit | undefined {
  if (refusal.anonymous === undefined) return ctx.exit(401, body, headers)
  setAnonymousConsumer(ctx, refusal.anonymous)
  tell(ctx, 'X-Authenticated-Scope', null)
  tell(ctx, 'X-Authenticated-UserId', null)
  return undefined
}

/** Whatever the client said of it is gone. */
function tell(ctx: AccessContext, name: string, value: string | null): void {
  if (value === null) ctx.upstream.headers.remove(name)
  else ctx.upstream.headers.set(name, value)
}
