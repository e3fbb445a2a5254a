// What a token is bound to.
import type { RequestContext } from 'gw/plugin'
import type { Use } from './use.js'

/** Null for all services. A route without a service stands for itself. */
export function serviceIdOf(ctx: RequestContext, { isGlobal }: Use): string | null {
  return isGlobal ? null : placeOf(ctx)
}

export function placeOf({ service, route }: RequestContext): string | null {
  return service?.id ?? route?.id ?? null
}
