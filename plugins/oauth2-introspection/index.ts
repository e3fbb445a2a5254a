// Finds out who is calling by asking another server what a token stands for (RFC 7662).
import {
  OutboundError,
  SharedFlights,
  TokenCache,
  definePlugin,
  findBearerToken,
  headerValues,
  hideBearerTokens,
  introspect,
  mayHaveBodyToken,
  member,
  readBodyToken,
  removeForged,
  setAnonymousConsumer,
  setClaimHeaders,
  setConsumer,
  type AccessContext,
  type Awaitable,
  type Consumer,
  type Exit,
  type Members,
  type PluginEnv,
} from 'gw/plugin'
import { schema } from './schema.js'
import { useOf, type Use } from './use.js'

/** A longer token is refused unread: real ones have a tenth of that. */
const MAX_TOKEN_CHARS = 64 * 1024

/** What requests need of an active token. */
interface Facts {
  readonly username: string | null
  readonly clientId: string | null
  readonly headerValues: readonly (string | undefined)[]
  /** Seconds since the epoch. */
  readonly from: number
  readonly until: number
}

interface Remembered {
  readonly facts: Facts
  /** Milliseconds since the epoch. */
  readonly until: number
}

type Env = Pick<PluginEnv, 'fetch' | 'log' | 'now'>

export default definePlugin({
  name: 'oauth2-introspection',
  version: '3.9.1',
  priority: 1700,
  schema,
  scopes: ['global', 'service', 'route'],

  init(given) {
    env = given
  },

  prepare: (config): Use => useOf(config),

  configure(live) {
    cache.retain(new Set(live))
  },

  // HOT PATH
  access(ctx, use) {
    removeForged(ctx.upstream.headers, use.forwarded)
    if (!use.runOnPreflight && ctx.request.method === 'OPTIONS') return undefined
    // Another plugin has found a credential: one of them is enough when they allow anonymous (Kong: logical OR).
    if (use.anonymous !== undefined && ctx.credential !== null) return undefined
    const token = findBearerToken(ctx.request, use.sources)
    if (use.hide) hideBearerTokens(ctx.upstream, use.sources)
    if (token !== undefined) return authenticate(ctx, use, token)
    return mayHaveBodyToken(ctx.request) ? authenticateByBody(ctx, use) : refuse(ctx, use, MISSING)
  },
})

let env: Env | null = null

function running(): Env {
  if (env === null) throw new TypeError('oauth2-introspection has not been initialised')
  return env
}

const cache = new TokenCache<Remembered>()
const flights = new SharedFlights<Members>()

interface Refusal {
  readonly body: object
  readonly challenge: Readonly<Record<string, string>>
}

// Kong's words.
const MISSING = refusalOf('invalid_request', 'The access token is missing', '')
const INVALID_TEXT = 'The access token is invalid or has expired'
const INVALID = refusalOf(
  'invalid_token',
  INVALID_TEXT,
  ` error="invalid_token" error_description="${INVALID_TEXT}"`,
)

function refusalOf(error: string, error_description: string, attributes: string): Refusal {
  const challenge = { 'WWW-Authenticate': `Bearer realm="service"${attributes}` }
  return { body: { error_description, error }, challenge }
}

function refuse(ctx: AccessContext, { anonymous }: Use, refusal: Refusal): Exit | undefined {
  if (anonymous === undefined) return ctx.exit(401, refusal.body, refusal.challenge)
  setAnonymousConsumer(ctx, anonymous)
  return undefined
}

async function authenticateByBody(ctx: AccessContext, use: Use): Promise<Exit | undefined> {
  const token = await readBodyToken(ctx, use.hide)
  return token === undefined ? refuse(ctx, use, MISSING) : authenticate(ctx, use, token)
}

function authenticate(ctx: AccessContext, use: Use, token: string): Awaitable<Exit | undefined> {
  if (token.length > MAX_TOKEN_CHARS) return refuse(ctx, use, INVALID)
  const asked = use.tellsRequest ? `${ctx.request.method} ${ctx.request.path} ${token}` : token
  const digest = cache.digest(asked, use.salt)
  const known = digest === null ? null : cache.get(digest, use)
  if (known === null || running().now() >= known.until) return ask(ctx, use, token, asked, digest)
  return admit(ctx, use, known.facts)
}

/** @param asked the token, with all else that the answer depends on */
async function ask(
  ctx: AccessContext,
  use: Use,
  token: string,
  asked: string,
  digest: string | null,
): Promise<Exit | undefined> {
  let answer: Members
  try {
    answer = await flights.join(`${use.salt} ${asked}`, () => askServer(ctx, use, token))
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    running().log.error(`oauth2-introspection: ${error.message}`)
    return ctx.exit(500, { message: 'An unexpected error occurred' })
  }
  if (member(answer, 'active') !== true) return refuse(ctx, use, INVALID)
  const facts = factsOf(answer, use)
  if (digest !== null) cache.add(digest, use, { facts, until: running().now() + use.ttlMs })
  return admit(ctx, use, facts)
}

function askServer({ request }: AccessContext, use: Use, token: string): Promise<Members> {
  const asked = use.tellsRequest
    ? {
        ...use.request,
        headers: {
          ...use.request.headers,
          'X-Request-Path': request.path,
          'X-Request-Http-Method': request.method,
        },
      }
    : use.request
  return introspect(running().fetch, use.url, token, asked)
}

function factsOf(answer: Members, { forwarded }: Use): Facts {
  const [username, clientId] = ['username', 'client_id'].map((name) => member(answer, name))
  const [exp, nbf] = ['exp', 'nbf'].map((name) => member(answer, name))
  return {
    username: typeof username === 'string' ? username : null,
    clientId: typeof clientId === 'string' ? clientId : null,
    headerValues: headerValues(forwarded, answer),
    from: typeof nbf === 'number' ? nbf : -Infinity,
    until: typeof exp === 'number' ? exp : Infinity,
  }
}

// HOT PATH
function admit(ctx: AccessContext, use: Use, facts: Facts): Exit | undefined {
  const now = running().now() / 1000
  if (now >= facts.until || now < facts.from) return refuse(ctx, use, INVALID)
  const consumer = consumerOf(ctx, use, facts)
  const id = facts.username ?? facts.clientId ?? consumer?.id ?? null
  setConsumer(ctx, consumer, id === null ? null : { id, consumer }, null)
  setClaimHeaders(ctx.upstream.headers, use.forwarded, facts.headerValues)
  return undefined
}

/** Kong: a token without a consumer of the file passes. */
function consumerOf(ctx: AccessContext, use: Use, facts: Facts): Consumer | null {
  const isByName = use.consumerBy === 'username'
  const name = isByName ? facts.username : facts.clientId
  if (name === null) return null
  return ctx.store.consumerBy(isByName ? 'username' : 'custom_id', name) ?? null
}
