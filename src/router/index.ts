// Where routers are made: each flavour of Kong's `router_flavor` behind the one contract.
import type { Route } from '../model/entities.js'
import { createCompatibleRouter } from './compatible/router.js'
import type { Router } from './contract.js'

export type RouterFlavour = 'traditional_compatible'

export interface RouterOptions {
  readonly flavour: RouterFlavour
}

const FLAVOURS: Readonly<Record<RouterFlavour, (routes: readonly Route[]) => Router>> = {
  traditional_compatible: createCompatibleRouter,
}

/**
 * Builds the table for good; a new configuration gets a new router.
 *
 * @throws Error for a regular expression that cannot be used; the configuration's check has refused those before
 */
export function createRouter(routes: readonly Route[], options: RouterOptions): Router {
  return FLAVOURS[options.flavour](routes)
}
