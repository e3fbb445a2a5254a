// Finds out who is calling by a user name and a password that a directory vouches for (LDAP, RFC 4511).
import {
  definePlugin,
  isSettled,
  refuse,
  setConsumer,
  type AccessContext,
  type Awaitable,
  type Exit,
} from 'gw/plugin'
import { Directories } from './directories.js'
import type { Verdict } from './directory.js'
import { LdapError } from './ldap-error.js'
import { readLogin, type Login } from './login.js'
import { rules } from './rules.js'
import { schema } from './schema.js'
import { useOf, type Use } from './use.js'

let directories: Directories

export default definePlugin({
  name: 'ldap-auth',
  version: '3.9.1',
  priority: 1200,
  schema,
  rules,
  scopes: ['global', 'service', 'route'],

  init(env) {
    directories = new Directories(env)
  },

  prepare: useOf,

  configure(live) {
    directories.retain(live.map(({ settings }) => settings))
  },

  close() {
    directories.retain([])
  },

  // HOT PATH
  access(ctx, use) {
    if (isSettled(ctx, use.refusal)) return undefined
    const { headers } = ctx.request
    const first = readLogin(headers.get('proxy-authorization'), use.scheme)
    const second = readLogin(headers.get('authorization'), use.scheme)
    return first === null ? ask(ctx, use, second, null) : ask(ctx, use, first, second)
  },
})

/** @param other what to ask for when the directory does not vouch for the login */
function ask(
  ctx: AccessContext,
  use: Use,
  login: Login | null,
  other: Login | null,
): Awaitable<Exit | undefined> {
  if (login === null) return refuse(ctx, use.refusal, 'Unauthorized')
  use.directory ??= directories.of(use.settings)
  const verdict = use.directory.judge(login)
  return verdict instanceof Promise
    ? wait(ctx, use, login, other, verdict)
    : settle(ctx, use, login, other, verdict)
}

async function wait(
  ctx: AccessContext,
  use: Use,
  login: Login,
  other: Login | null,
  verdict: Promise<Verdict>,
): Promise<Exit | undefined> {
  let said: Verdict
  try {
    said = await verdict
  } catch (error) {
    // The log has been told once, rather than for each request. Kong: not for `anonymous` either.
    if (error instanceof LdapError) return ctx.error(500)
    throw error
  }
  return settle(ctx, use, login, other, said)
}

function settle(
  ctx: AccessContext,
  use: Use,
  { username }: Login,
  other: Login | null,
  verdict: Verdict,
): Awaitable<Exit | undefined> {
  if (verdict === null) return ask(ctx, use, other, null)
  if (use.hide) {
    ctx.upstream.headers.remove('authorization')
    ctx.upstream.headers.remove('proxy-authorization')
  }
  setConsumer(ctx, null, verdict, username)
  return undefined
}
