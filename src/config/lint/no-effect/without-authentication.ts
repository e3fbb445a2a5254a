// Plugins that need to know whose a request is, where no plugin finds out.
import type { Finding } from '../rule.js'
import { describeScope } from '../scope.js'
import type { LintView, Use } from '../view.js'
import { Authentication } from './authentication.js'

const HINT = 'add an authentication plugin, such as key-auth'

export function withoutAuthentication(view: LintView): Finding[] {
  const authentication = new Authentication(view.uses)
  return view.uses
    .filter(({ scope }) => !authentication.reaches(scope))
    .flatMap((use) => [...forConsumer(use), ...acl(use), ...limitByConsumer(use)])
}

function forConsumer({ name, scope, path }: Use): Finding[] {
  if (scope.consumer === null) return []
  const message = `plugin '${name}' for ${describeScope(scope)} never runs: nothing there tells who the client is`
  return [{ path, message, hint: HINT }]
}

/** Kong: 401 without a consumer, whether acl allows groups or denies some. */
function acl({ name, scope, path }: Use): Finding[] {
  if (name !== 'acl') return []
  const message = `acl answers 401 to ${describeScope(scope) === 'all requests' ? 'all requests' : `every request of ${describeScope(scope)}`}: nothing there tells who the client is`
  return [{ path, message, hint: HINT }]
}

/** `consumer` is the default, which nobody may have meant; so only what is written counts. */
function limitByConsumer({ name, config, written, path }: Use): Finding[] {
  if (name !== 'rate-limiting' && name !== 'response-ratelimiting') return []
  const { limit_by: by } = config
  const own = [...path, 'config']
  if ((by !== 'consumer' && by !== 'credential') || !written.includes('limit_by')) return []
  const message = `limits by client address: nothing there tells which ${by} a request has`
  return [{ path: [...own, 'limit_by'], message, hint: `${HINT}, or write limit_by: ip` }]
}
