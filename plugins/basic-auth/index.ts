// Finds out who is calling by a user name and a password (RFC 7617).
import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import {
  decodeBase64,
  definePlugin,
  equalSecrets,
  isSettled,
  refusalOf,
  refuse,
  setConsumer,
  type AccessContext,
  type Credential,
  type Refusal,
} from 'gw/plugin'
import { schema } from './schema.js'

interface Use {
  readonly refusal: Refusal
  readonly hide: boolean
}

interface Login {
  readonly username: string
  readonly password: string
}

// Kong: wherever it stands, with its first letter in either case and with or without a space behind it.
const SCHEME = /[Bb]asic[ \t]*/

export default definePlugin({
  name: 'basic-auth',
  version: '3.9.1',
  priority: 1100,
  schema,
  scopes: ['global', 'service', 'route'],

  prepare(config): Use {
    return { refusal: refusalOf('Basic', config), hide: config.hide_credentials }
  },

  // HOT PATH
  access(ctx, { refusal, hide }) {
    if (isSettled(ctx, refusal)) return undefined
    let login = readLogin(ctx, 'proxy-authorization', hide)
    let credential = credentialOf(ctx, login)
    // A user that is known decides, even if the password is wrong.
    if (credential === undefined) {
      login = readLogin(ctx, 'authorization', hide)
      credential = credentialOf(ctx, login)
    }
    if (login === null || credential === undefined || !isRight(login.password, credential)) {
      return refuse(ctx, refusal, 'Unauthorized')
    }
    setConsumer(ctx, credential.consumer, credential, login.username)
    return undefined
  },
})

function credentialOf(ctx: AccessContext, login: Login | null): Credential | undefined {
  return login === null ? undefined : ctx.store.credential('basicauth_credentials', login.username)
}

/** @param hide whether the header is taken out of the request once it has been looked at */
function readLogin(ctx: AccessContext, header: string, hide: boolean): Login | null {
  const value = ctx.request.headers.get(header)
  if (value === undefined) return null
  if (hide) ctx.upstream.headers.remove(header)
  return parse(value)
}

function parse(value: string): Login | null {
  const scheme = SCHEME.exec(value)
  if (scheme === null) return null
  const bytes = decodeBase64(value.slice(scheme.index + scheme[0].length))
  // What cannot be UTF-8 cannot come from a file either; replaced by other characters it might.
  if (bytes === null || !isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  return colon < 1 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/**
 * Whether the password is that of the credential, of which only the SHA-1 with the consumer's id is kept, as in Kong.
 * It takes 1 µs, less than a cache of passwords would be worth.
 */
function isRight(password: string, { consumer, password: kept }: Credential): boolean {
  if (typeof kept !== 'string') return false
  const given = hash('sha1', password + consumer.id, 'hex')
  return equalSecrets(Buffer.from(given, 'latin1'), Buffer.from(kept, 'latin1'))
}
