// Lets a client that has been authenticated once go on by a cookie.
import { randomBytes } from 'node:crypto'
import {
  ALL_PROTOCOLS,
  MAX_FIELDS_BYTES,
  authenticatedGroups,
  bodyKind,
  contextKey,
  definePlugin,
  readFields,
  setConsumer,
  type AccessContext,
  type Credential,
  type Exit,
  type HeaderFilterContext,
} from 'gw/plugin'
import { schema } from './schema.js'
import {
  fromText,
  isLive,
  newSession,
  refreshed,
  reopened,
  timeLeft,
  toRemember,
  toText,
  type Session,
} from './session.js'
import { useOf, type Fact, type Keeper, type Use } from './use.js'

/** What access has found, for header_filter. */
interface Note {
  readonly session: Session | null
  /** Lines of Set-Cookie. They wait for the answer: set in access, they would replace the target's own cookies. */
  readonly lines: readonly string[]
}

const noteKey = contextKey<Note>('session')

let nodeSecret: Uint8Array = randomBytes(32)
let now: () => number = Date.now

export default definePlugin({
  name: 'session',
  version: '3.9.1',
  priority: 1900,
  schema,
  scopes: ['global', 'service', 'route'],
  protocols: ALL_PROTOCOLS,

  init(env) {
    nodeSecret = env.secret
    now = () => env.now()
  },

  prepare(config): Use {
    return useOf(config, nodeSecret)
  },

  // HOT PATH
  access(ctx, use) {
    // What a client says of a session itself must not reach the target.
    for (const fact of use.tellsTarget) ctx.upstream.headers.remove(HEADERS[fact])
    if (!ctx.request.headers.has('cookie')) return undefined
    const cookies = ctx.request.headers.getAll('cookie').join('; ')
    const time = seconds()
    const session = open(cookies, use, time)
    if (session === null) return undefined
    if (use.logout.methods.has(ctx.request.method)) {
      if (ctx.request.query.get(use.logout.queryArg) !== undefined) return logOut(ctx, use, cookies)
      if (use.logout.field !== null && mayHaveField(ctx)) {
        return logOutByBody(ctx, use, use.logout.field, cookies, session, time)
      }
    }
    resume(ctx, use, cookies, session, time)
    return undefined
  },

  header_filter(ctx, use) {
    const note = ctx.get(noteKey)
    const lines = newLines(ctx, use, note) ?? note?.lines
    if (lines === undefined) return
    for (const line of lines) ctx.response.headers.add('Set-Cookie', line)
  },
})

function seconds(): number {
  return Math.floor(now() / 1000)
}

/** The session of the first cookie that holds one. */
function open(cookies: string, { session, remember }: Use, time: number): Session | null {
  return (
    openOne(cookies, session, time) ?? (remember === null ? null : reopen(cookies, remember, time))
  )
}

function openOne(
  cookies: string,
  { cookie, seal, timeouts }: Keeper,
  time: number,
): Session | null {
  const value = cookie.read(cookies)
  const text = value === null ? null : seal.open(value)
  if (text === null) return null
  const session = fromText(text)
  return isLive(session, timeouts, time) ? session : null
}

function reopen(cookies: string, remember: Keeper, time: number): Session | null {
  const remembered = openOne(cookies, remember, time)
  return remembered === null ? null : reopened(remembered, time)
}

/** Goes on as the consumer of the session, if there still is one. */
function resume(
  ctx: AccessContext,
  use: Use,
  cookies: string,
  session: Session,
  time: number,
): void {
  const consumer = ctx.store.consumer(session.consumer)
  // A name that looks like the id of a consumer that is gone is not that consumer.
  if (consumer?.id !== session.consumer) {
    ctx.set(noteKey, { session: null, lines: clear(use, cookies) })
    return
  }
  const next = refreshed(session, use.session.timeouts, time)
  const current = next ?? session
  ctx.set(noteKey, { session: current, lines: next === null ? [] : write(use, next, time) })
  tell(ctx, use, current, time)
  const credential: Credential = {
    id: session.credential,
    consumer,
    ttl: null,
    tags: null,
    created_at: session.createdAt,
  }
  setConsumer(ctx, consumer, credential, credential.id)
  if (session.groups === null) return
  ctx.set(authenticatedGroups, session.groups)
  ctx.upstream.headers.set('X-Authenticated-Groups', session.groups.join(', '))
}

function mayHaveField({ request }: AccessContext): boolean {
  // A body that is longer than what would be read is no form to log out with, but an upload.
  const { bodyLength } = request
  if (bodyLength === 0 || bodyLength > MAX_FIELDS_BYTES) return false
  return bodyKind(request.headers.get('content-type')) !== null
}

async function logOutByBody(
  ctx: AccessContext,
  use: Use,
  field: string,
  cookies: string,
  session: Session,
  time: number,
): Promise<Exit | undefined> {
  const body = await ctx.request.readBody(MAX_FIELDS_BYTES)
  const fields = readFields(ctx.request.headers.get('content-type'), body)
  if (fields?.has(field) === true) return logOut(ctx, use, cookies)
  resume(ctx, use, cookies, session, time)
  return undefined
}

function logOut(ctx: AccessContext, use: Use, cookies: string): Exit {
  ctx.set(noteKey, { session: null, lines: clear(use, cookies) })
  return ctx.exit(200)
}

function clear({ session, remember }: Use, cookies: string): readonly string[] {
  const lines = session.cookie.clear(cookies)
  return remember === null ? lines : [...lines, ...remember.cookie.clear(cookies)]
}

/** The cookies of whoever the request turned out to be from; undefined when they have them already. */
function newLines(
  ctx: HeaderFilterContext,
  use: Use,
  note: Note | undefined,
): readonly string[] | undefined {
  const { consumer, credential } = ctx
  // Anonymous consumers get no session.
  if (consumer === null || credential === null) return undefined
  const { session } = note ?? { session: null }
  if (session?.consumer === consumer.id && session.credential === credential.id) return undefined
  const time = seconds()
  const identity = {
    consumer: consumer.id,
    credential: credential.id,
    subject: consumer.username ?? consumer.custom_id ?? consumer.id,
    groups: ctx.get(authenticatedGroups) ?? null,
  }
  const lines = write(use, newSession(identity, time), time)
  if (lines.length === 0)
    ctx.log.warn({ consumer: consumer.id }, 'the session is too long for cookies')
  return lines
}

function write(
  { session: keeper, remember }: Use,
  session: Session,
  time: number,
): readonly string[] {
  const lines = writeOne(keeper, session, time)
  return remember === null ? lines : [...lines, ...writeOne(remember, session, time)]
}

function writeOne(keeper: Keeper, session: Session, time: number): readonly string[] {
  const kept = keeper.persists ? toRemember(session) : session
  const value = keeper.seal.close(toText(kept))
  return keeper.cookie.write(value, lifetimeOf(keeper, kept, time)) ?? []
}

function lifetimeOf({ persists, timeouts }: Keeper, session: Session, time: number): string {
  const left = persists ? timeLeft(session, timeouts, time).any : null
  if (left === null) return ''
  return `; Expires=${new Date((time + left) * 1000).toUTCString()}; Max-Age=${left}`
}

function tell(ctx: AccessContext, use: Use, session: Session, time: number): void {
  for (const fact of use.tellsTarget) {
    ctx.upstream.headers.set(HEADERS[fact], factOf(fact, use, session, time))
  }
  for (const fact of use.tellsClient) {
    ctx.response.headers.set(HEADERS[fact], factOf(fact, use, session, time))
  }
}

const HEADERS: Readonly<Record<Fact, string>> = {
  id: 'Session-Id',
  audience: 'Session-Audience',
  subject: 'Session-Subject',
  timeout: 'Session-Timeout',
  'idling-timeout': 'Session-Idling-Timeout',
  'rolling-timeout': 'Session-Rolling-Timeout',
  'absolute-timeout': 'Session-Absolute-Timeout',
}

function factOf(fact: Fact, use: Use, session: Session, time: number): string {
  const left = timeLeft(session, use.session.timeouts, time)
  switch (fact) {
    case 'id':
      return session.id
    case 'audience':
      return use.audience
    case 'subject':
      return session.subject
    case 'timeout':
      return String(left.any ?? 0)
    case 'idling-timeout':
      return String(left.idling ?? 0)
    case 'rolling-timeout':
      return String(left.rolling ?? 0)
    case 'absolute-timeout':
      return String(left.absolute ?? 0)
  }
}
