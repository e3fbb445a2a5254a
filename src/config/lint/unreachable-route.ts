// Routes that no request can meet, whatever other routes there are.
import { literalPrefix } from '../../util/regex/regex-tree.js'
import { parseRegex } from '../../util/regex/regex-parser.js'
import { HTTP_PROTOCOLS } from '../../../schemas/common.js'
import type { Draft } from '../draft.js'
import { isPcreOnly } from '../entities/unserved-routes.js'
import type { Finding } from './rule.js'
import { serviceOf, titleOf } from './scope.js'
import type { LintView } from './view.js'

export function unreachableRoute(view: LintView): Finding[] {
  return [...disabledServices(view), ...view.all('routes').flatMap(unreachable)]
}

/** Once for each service: switching it off is a decision, and taking its routes along may not have been. */
function disabledServices(view: LintView): Finding[] {
  const counts = new Map<Draft, number>()
  for (const route of view.all('routes')) {
    const service = serviceOf(route)
    if (service?.fields.enabled === false) counts.set(service, (counts.get(service) ?? 0) + 1)
  }
  return Array.from(counts, ([service, count]) => {
    const what = count === 1 ? 'its route never matches' : `its ${count} routes never match`
    return {
      path: [...service.path, 'enabled'],
      message: `service '${titleOf(service, 'name')}' is disabled: ${what}`,
      hint: 'such requests go to other routes or get 404; to answer 503, use request-termination',
    }
  })
}

function unreachable({ fields, path }: Draft): Finding[] {
  const protocols = listOf(fields.protocols)
  if (protocols.length > 0 && !protocols.some((one) => isHttp(one))) {
    const message = `${protocols.join(', ')}: not served, gw is for HTTP`
    return [{ path: [...path, 'protocols'], message, hint: 'leave the route to a TCP proxy' }]
  }
  return listOf(fields.paths).flatMap((text, index) => {
    if (!isImpossible(text)) return []
    const message = 'never matches: a path ends before the ?'
    const hint = 'routes cannot ask for query arguments'
    return [{ path: [...path, 'paths', index], message, hint }]
  })
}

/** Paths are compared without their query, and a question mark in a path stays encoded. */
function isImpossible(text: string): boolean {
  if (isPcreOnly(text)) return false
  const start = text.startsWith('~') ? literalPrefix(parseRegex(text.slice(1))) : text
  return start.includes('?')
}

function isHttp(protocol: string): boolean {
  const http: readonly string[] = HTTP_PROTOCOLS
  return http.includes(protocol)
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
