// One configured use of session, as `prepare` leaves it.
import { UnsupportedFault, type ConfigOf } from 'gw/plugin'
import { Cookie, attributesOf } from './cookie.js'
import type { schema } from './schema.js'
import { Seal } from './seal.js'
import type { Timeouts } from './session.js'

type Config = ConfigOf<typeof schema>
export type Fact = NonNullable<Config['request_headers']>[number]

/** A cookie with what it takes to believe it. */
export interface Keeper {
  readonly cookie: Cookie
  readonly seal: Seal
  readonly timeouts: Timeouts
  /** Whether it outlives the browser. */
  readonly persists: boolean
}

export interface Use {
  readonly session: Keeper
  /** The cookie that outlives the browser, from which a session is opened anew. */
  readonly remember: Keeper | null
  readonly audience: string
  readonly tellsTarget: readonly Fact[]
  readonly tellsClient: readonly Fact[]
  readonly logout: {
    readonly methods: ReadonlySet<string>
    readonly queryArg: string
    /** Null when bodies are not looked at. */
    readonly field: string | null
  }
}

/** @param nodeSecret what sessions are sealed with when the configuration has no secret */
export function useOf(config: Config, nodeSecret: Uint8Array): Use {
  if (config.storage === 'kong') {
    throw new UnsupportedFault(
      'storage',
      'sessions cannot be kept in the database: there is none',
      'use `storage: cookie`',
    )
  }
  const secret = config.secret ?? nodeSecret
  const attributes = attributesOf(config)
  const keeper = (field: 'cookie_name' | 'remember_cookie_name', timeouts: Timeouts): Keeper => ({
    cookie: new Cookie(field, config[field], attributes),
    seal: new Seal(secret, JSON.stringify(['gw session', field, config.audience])),
    timeouts,
    persists: field === 'remember_cookie_name',
  })
  const session = keeper('cookie_name', {
    idling: config.idling_timeout,
    rolling: config.rolling_timeout,
    absolute: config.absolute_timeout,
  })
  const remember = keeper('remember_cookie_name', {
    idling: 0,
    rolling: config.remember_rolling_timeout,
    absolute: config.remember_absolute_timeout,
  })
  return {
    session,
    remember: config.remember ? remember : null,
    audience: config.audience,
    tellsTarget: config.request_headers ?? [],
    tellsClient: config.response_headers ?? [],
    logout: {
      methods: new Set(config.logout_methods),
      queryArg: config.logout_query_arg,
      field: config.read_body_for_logout ? config.logout_post_arg : null,
    },
  }
}
