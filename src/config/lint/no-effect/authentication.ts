// Which plugins say who a request comes from, and where they do.
import { serviceOf, type Scope } from '../scope.js'
import type { Use } from '../view.js'

const AUTHENTICATING: ReadonlySet<string> = new Set([
  'basic-auth',
  'hmac-auth',
  'jwt',
  'key-auth',
  'key-auth-enc',
  'ldap-auth',
  'oauth2',
  'oauth2-introspection',
  'openid-connect',
  'session',
  // Their code may name a consumer too.
  'pre-function',
  'post-function',
])

/** Any plugin of one's own may name the consumer: nothing is certain of those. */
function mayAuthenticate({ name, isOwn }: Use): boolean {
  return AUTHENTICATING.has(name) || isOwn
}

/** Where some plugin may authenticate. In doubt it says yes. */
export class Authentication {
  #isGlobal = false
  #isAnywhere = false
  readonly #routes = new Set<unknown>()
  readonly #services = new Set<unknown>()
  /** Services with a route that has its own. */
  readonly #servicesOfRoutes = new Set<unknown>()

  constructor(uses: readonly Use[]) {
    for (const use of uses) {
      if (!mayAuthenticate(use)) continue
      const { route, service } = use.scope
      this.#isAnywhere = true
      if (route !== null) {
        this.#routes.add(route)
        this.#servicesOfRoutes.add(serviceOf(route))
      } else if (service !== null) this.#services.add(service)
      else this.#isGlobal = true
    }
  }

  /** Whether some request in that scope may be authenticated. */
  reaches({ route, service }: Scope): boolean {
    if (this.#isGlobal) return true
    if (route !== null) return this.#routes.has(route) || this.#services.has(serviceOf(route))
    if (service !== null) return this.#services.has(service) || this.#servicesOfRoutes.has(service)
    return this.#isAnywhere
  }
}
