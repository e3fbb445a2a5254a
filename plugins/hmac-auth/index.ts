// Finds out who is calling by the signature of the request.
import { createHash, createHmac } from 'node:crypto'
import {
  MAX_FIELDS_BYTES,
  decodeBase64,
  definePlugin,
  equalSecrets,
  isSettled,
  parseHttpDate,
  refusalOf,
  refuse,
  setConsumer,
  type AccessContext,
  type Awaitable,
  type Credential,
  type Exit,
  type Refusal,
} from 'gw/plugin'
import { schema } from './schema.js'
import { parseSignature, signedText, type Signature } from './signature.js'

interface Use {
  readonly refusal: Refusal
  readonly hide: boolean
  readonly skewSeconds: number
  /** Names for node:crypto by those that clients use. */
  readonly algorithms: ReadonlyMap<string, string>
  readonly enforced: readonly string[]
  readonly checksBody: boolean
}

const DATES = ['x-date', 'date']

const NO_DATE =
  'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication'
const NOT_VERIFIED = 'HMAC signature cannot be verified'
const NO_MATCH = 'HMAC signature does not match'

let now: () => number = Date.now

export default definePlugin({
  name: 'hmac-auth',
  version: '3.9.1',
  priority: 1030,
  schema,
  scopes: ['global', 'service', 'route'],

  init(env) {
    now = () => env.now()
  },

  prepare(config): Use {
    return {
      refusal: refusalOf('hmac', config),
      hide: config.hide_credentials,
      skewSeconds: config.clock_skew,
      algorithms: new Map(config.algorithms.map((name) => [name, name.slice('hmac-'.length)])),
      enforced: config.enforce_headers,
      checksBody: config.validate_request_body,
    }
  },

  // HOT PATH: waits for nothing but a body that has to be checked.
  access(ctx, use) {
    if (isSettled(ctx, use.refusal)) return undefined
    const { headers } = ctx.request
    if (!headers.has('authorization') && !headers.has('proxy-authorization')) {
      return refuse(ctx, use.refusal, 'Unauthorized')
    }
    if (!DATES.some((header) => isRecent(ctx, use, header))) {
      return refuse(ctx, use.refusal, NO_DATE)
    }
    const signature = readSignature(ctx, use)
    const algorithm = signature === null ? undefined : use.algorithms.get(signature.algorithm)
    if (signature === null || algorithm === undefined || !coversEnforced(signature, use)) {
      return refuse(ctx, use.refusal, NOT_VERIFIED)
    }
    if (!isSignedDateRecent(ctx, use, signature)) return refuse(ctx, use.refusal, NO_DATE)
    const credential = ctx.store.credential('hmacauth_credentials', signature.username)
    if (credential === undefined) return refuse(ctx, use.refusal, NOT_VERIFIED)
    if (!isSignedBy(credential, ctx, algorithm, signature)) {
      return refuse(ctx, use.refusal, NO_MATCH)
    }
    if (use.checksBody) return checkBody(ctx, use, credential)
    return settle(ctx, use, credential, true)
  },
})

/** A signature stays good for as long as its date: within that time whoever has seen a request may send it again. */
function isRecent(ctx: AccessContext, { skewSeconds }: Use, header: string): boolean {
  const text = ctx.request.headers.get(header)
  const time = text === undefined ? null : parseHttpDate(text)
  return time !== null && Math.abs(Math.floor(now() / 1000) - time / 1000) <= skewSeconds
}

/**
 * Of dates that are signed one has to be recent itself: else whoever has seen a request could send it again for ever, with
 * a date of his own beside the signed one.
 */
function isSignedDateRecent(ctx: AccessContext, use: Use, { signed }: Signature): boolean {
  const dates = DATES.filter((date) => signed.some((name) => name.toLowerCase() === date))
  return dates.length === 0 || dates.some((header) => isRecent(ctx, use, header))
}

/** Proxy-Authorization counts if there is a signature in it. The header that is used does not go on if it is to be hidden. */
function readSignature(ctx: AccessContext, { hide }: Use): Signature | null {
  const { headers } = ctx.request
  const first = parseSignature(headers.get('proxy-authorization'))
  const signature = first ?? parseSignature(headers.get('authorization'))
  if (hide) ctx.upstream.headers.remove(first === null ? 'authorization' : 'proxy-authorization')
  return signature
}

/** Letter by letter, as in Kong. */
function coversEnforced({ signed }: Signature, { enforced }: Use): boolean {
  return enforced.every((name) => signed.includes(name))
}

function isSignedBy(
  { secret }: Credential,
  ctx: AccessContext,
  algorithm: string,
  { signed, value }: Signature,
): boolean {
  const given = decodeBase64(value)
  const text = signedText(ctx.request, signed)
  if (given === null || text === null || typeof secret !== 'string') return false
  return equalSecrets(given, createHmac(algorithm, secret).update(text).digest())
}

/** The last step. */
function settle(
  ctx: AccessContext,
  { refusal }: Use,
  credential: Credential,
  isRight: boolean,
): Exit | undefined {
  if (!isRight) return refuse(ctx, refusal, NO_MATCH)
  setConsumer(ctx, credential.consumer, credential, String(credential.username))
  return undefined
}

// Not asynchronous itself: many requests have no body.
function checkBody(
  ctx: AccessContext,
  use: Use,
  credential: Credential,
): Awaitable<Exit | undefined> {
  const digests = ctx.request.headers.getAll('digest')
  if (digests.length > 1) return settle(ctx, use, credential, false)
  const [digest] = digests
  if (ctx.request.bodyLength === 0) return settle(ctx, use, credential, isDigest(digest, EMPTY))
  return checkBytes(ctx, use, credential, digest)
}

async function checkBytes(
  ctx: AccessContext,
  use: Use,
  credential: Credential,
  digest: string | undefined,
): Promise<Exit | undefined> {
  const body = await ctx.request.readBody(MAX_FIELDS_BYTES)
  return settle(ctx, use, credential, isDigest(digest, body))
}

const EMPTY = Buffer.alloc(0)

/** Only an empty body needs no digest. */
function isDigest(digest: string | undefined, body: Buffer): boolean {
  if (digest === undefined) return body.length === 0
  return digest === `SHA-256=${createHash('sha256').update(body).digest('base64')}`
}
