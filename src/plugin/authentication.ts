// What authentication plugins have in common: when one need not look, and what becomes of a request that it refuses.
import type { Consumer, CallerCredential } from '../model/entities.js'
import { ConfigFault } from './config-fault.js'
import { setAnonymousConsumer } from './consumer.js'
import { contextKey, type AccessContext, type Exit } from './contract.js'

/** What a use of an authentication plugin does without valid credentials. Made at load. */
export interface Refusal {
  /** Id or username of the consumer that a request goes on as; undefined to refuse it. */
  readonly anonymous: string | undefined
  /** WWW-Authenticate of the 401. */
  readonly challenge: Readonly<Record<string, string>>
}

interface RefusalConfig {
  readonly anonymous?: string | undefined
  readonly realm?: string | undefined
}

const LINE_BREAK = /[\r\n\0]/

/** Throws ConfigFault for a realm that cannot stand in a header. */
export function refusalOf(scheme: string, { anonymous, realm }: RefusalConfig): Refusal {
  if (realm !== undefined && LINE_BREAK.test(realm)) {
    throw new ConfigFault('realm', 'must not hold a line break or a NUL')
  }
  const challenge = realm === undefined ? scheme : `${scheme} realm="${realm}"`
  return { anonymous, challenge: { 'WWW-Authenticate': challenge } }
}

/**
 * Whether another plugin has found a credential already, which is enough for one that allows anonymous (Kong: logical
 * OR). A plugin that does not allow it must be satisfied itself, whatever the others found (logical AND). HOT PATH
 */
export function isSettled(ctx: AccessContext, { anonymous }: Refusal): boolean {
  return anonymous !== undefined && ctx.credential !== null
}

/** Answers 401, or lets the request go on as the anonymous consumer. */
export function refuse(
  ctx: AccessContext,
  { anonymous, challenge }: Refusal,
  message: string,
): Exit | undefined {
  if (anonymous === undefined) return ctx.error(401, message, challenge)
  setAnonymousConsumer(ctx, anonymous)
  return undefined
}

/**
 * Groups that a plugin has found for a request beside those of its consumer, such as those of a directory (Kong:
 * kong.ctx.shared.authenticated_groups).
 */
export const authenticatedGroups = contextKey<readonly string[]>('authenticated_groups')

/** Whoever the request comes from: a credential stands for its consumer where no consumer was named. HOT PATH */
export function callerOf(ctx: {
  readonly consumer: Consumer | null
  readonly credential: CallerCredential | null
}): Consumer | null {
  return ctx.consumer ?? ctx.credential?.consumer ?? null
}
