// Finds out who is calling by a key that the consumer was given. What a key is held against is for the plugin to say:
// key-auth knows the keys themselves, key-auth-enc their hashes alone.
import type { ConfigOf } from '../../schemas/types.js'
import type { Credential } from '../model/entities.js'
import { isSettled, refusalOf, refuse, type Refusal } from './authentication.js'
import { MAX_FIELDS_BYTES, bodyKind, readFields, withoutField } from './body-fields.js'
import type { keyAuthSchema } from './config/key-auth.js'
import { setConsumer } from './consumer.js'
import type { AccessContext, Awaitable, Exit } from './contract.js'
import { headerSpellings, valuesOf } from './header-lookup.js'

interface KeyName {
  /** As query argument and body field, where spelling counts. */
  readonly name: string
  readonly headers: readonly string[]
}

export interface KeyAuthUse {
  readonly keyNames: readonly KeyName[]
  readonly inHeader: boolean
  readonly inQuery: boolean
  readonly inBody: boolean
  readonly hide: boolean
  readonly runOnPreflight: boolean
  readonly refusal: Refusal
}

/** What a plugin that asks for keys is made of. */
export interface KeyAuthSource {
  /** The credential of the key that a client has sent; expired ones included. */
  find(ctx: AccessContext, key: string): Credential | undefined
  /** Milliseconds since the epoch. */
  now(): number
}

/** Throws ConfigFault for a realm that cannot stand in a header. */
export function prepareKeyAuth(config: ConfigOf<typeof keyAuthSchema>): KeyAuthUse {
  return {
    keyNames: config.key_names.map((name) => ({ name, headers: headerSpellings(name) })),
    inHeader: config.key_in_header,
    inQuery: config.key_in_query,
    inBody: config.key_in_body,
    hide: config.hide_credentials,
    runOnPreflight: config.run_on_preflight,
    refusal: refusalOf('Key', config),
  }
}

/** The access phase. HOT PATH */
export function askForKey(
  ctx: AccessContext,
  use: KeyAuthUse,
  source: KeyAuthSource,
): Awaitable<Exit | undefined> {
  if (!use.runOnPreflight && ctx.request.method === 'OPTIONS') return undefined
  if (isSettled(ctx, use.refusal)) return undefined
  if (use.inBody) return authenticateWithBody(ctx, use, source)
  for (const keyName of use.keyNames) {
    const value = outsideBody(ctx, use, keyName)
    if (!endsSearch(value)) continue
    if (use.hide && typeof value === 'string') hide(ctx, keyName)
    return authenticate(ctx, use, source, value)
  }
  return authenticate(ctx, use, source, undefined)
}

/** The value of header or argument: the first of the two that is there decides, even if it is empty. */
function outsideBody(ctx: AccessContext, use: KeyAuthUse, { name, headers }: KeyName): unknown {
  if (use.inHeader) {
    const value = valuesOf(ctx.request.headers, headers)
    if (value !== undefined) return value
  }
  if (use.inQuery) {
    const value = ctx.request.query.get(name)
    if (value !== undefined) {
      const all = ctx.request.query.getAll(name)
      return all.length === 1 ? value : all
    }
  }
  return undefined
}

/** Text is the key, a list (in JSON also an object) is refused; any other value leaves the word to the next name. */
function endsSearch(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}

function authenticate(
  ctx: AccessContext,
  use: KeyAuthUse,
  source: KeyAuthSource,
  value: unknown,
): Exit | undefined {
  if (typeof value === 'object') return refuse(ctx, use.refusal, 'Duplicate API key found')
  if (typeof value !== 'string' || value === '') {
    return refuse(ctx, use.refusal, 'No API key found in request')
  }
  const credential = source.find(ctx, value)
  if (credential === undefined || hasExpired(credential, source)) {
    return refuse(ctx, use.refusal, 'Unauthorized')
  }
  setConsumer(ctx, credential.consumer, credential, credential.id)
  return undefined
}

function hasExpired({ ttl }: Credential, source: KeyAuthSource): boolean {
  return ttl !== null && ttl * 1000 <= source.now()
}

// Headers and argument, wherever the key came from: the target gets none of them.
function hide(ctx: AccessContext, { name, headers }: KeyName): void {
  ctx.upstream.query.remove(name)
  for (const spelling of headers) ctx.upstream.headers.remove(spelling)
}

async function authenticateWithBody(
  ctx: AccessContext,
  use: KeyAuthUse,
  source: KeyAuthSource,
): Promise<Exit | undefined> {
  const body = new LazyBody(ctx)
  for (const keyName of use.keyNames) {
    // Read on the first need: a request with its key in a header does not wait for its body.
    const value = outsideBody(ctx, use, keyName) ?? (await body.field(keyName.name))
    if (!endsSearch(value)) continue
    if (use.hide && typeof value === 'string') hide(ctx, keyName)
    const exit = authenticate(ctx, use, source, value)
    if (exit === undefined && use.hide && typeof value === 'string') await body.hide(keyName.name)
    return exit
  }
  return authenticate(ctx, use, source, undefined)
}

/** The fields of the body, which is read at most once, and only if its type has fields. */
class LazyBody {
  readonly #ctx: AccessContext
  readonly #contentType: string | undefined
  #bytes: Buffer | null = null
  #fields: ReadonlyMap<string, unknown> | null = null

  constructor(ctx: AccessContext) {
    this.#ctx = ctx
    this.#contentType = ctx.request.headers.get('content-type')
  }

  async field(name: string): Promise<unknown> {
    if (this.#bytes === null) {
      const bytes = await this.#read()
      if (bytes !== null) this.#fields = readFields(this.#contentType, bytes)
    }
    return this.#fields?.get(name)
  }

  async hide(name: string): Promise<void> {
    const bytes = await this.#read()
    if (bytes === null) return
    const rest = withoutField(this.#contentType, bytes, name)
    if (rest !== bytes) this.#ctx.upstream.setBody(rest)
  }

  async #read(): Promise<Buffer | null> {
    if (bodyKind(this.#contentType) === null) return null
    return (this.#bytes ??= await this.#ctx.request.readBody(MAX_FIELDS_BYTES))
  }
}
