// Where routers are made: each flavour of Kong's `router_flavor` behind the one contract.
import type { Route } from '../model/entities.js'
import type { RouterFlavour } from '../../schemas/route.js'
import { buildCompatibleRouter } from './compatible/router.js'
import { buildExpressionsRouter } from './expressions/router.js'
import { buildTraditionalRouter } from './traditional/router.js'
import { runWhole, type Sliced } from '../util/slices.js'
import type { Router } from './contract.js'

export interface RouterOptions {
  readonly flavour: RouterFlavour
}

const FLAVOURS: Readonly<Record<RouterFlavour, (routes: readonly Route[]) => Sliced<Router>>> = {
  traditional_compatible: buildCompatibleRouter,
  traditional: buildTraditionalRouter,
  expressions: buildExpressionsRouter,
}

/**
 * Builds the table for good; a new configuration gets a new router.
 *
 * @throws Error for a regular expression that cannot be used; the configuration's check has refused those before
 */
export function createRouter(routes: readonly Route[], options: RouterOptions): Router {
  return runWhole(buildRouter(routes, options))
}

/** The same as work that may be interrupted, for a thread that serves requests meanwhile. */
export function buildRouter(routes: readonly Route[], { flavour }: RouterOptions): Sliced<Router> {
  return FLAVOURS[flavour](routes)
}
