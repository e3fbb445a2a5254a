// cors that lets every site act with the cookies of its visitors.
import type { Finding } from './rule.js'
import type { LintView } from './view.js'

// Entries that are regular expressions for "anything".
const ANYTHING = /^(?:\*|\^?\(?\.[*+]\)?\$?)$/

export function corsCredentialsWildcard(view: LintView): Finding[] {
  return view.usesOf('cors').flatMap(({ config, path }) => {
    if (config.credentials !== true || !takesAnyOrigin(config.origins)) return []
    const message =
      'any site can send requests with the cookies of its visitors and read the answers'
    const hint = 'list the sites that may in origins, or set credentials: false'
    return [{ path: [...path, 'config', 'credentials'], message, hint }]
  })
}

/** Kong: with credentials, what would be `*` becomes the origin that the client names. */
function takesAnyOrigin(origins: unknown): boolean {
  if (!Array.isArray(origins) || origins.length === 0) return true
  return origins.some((origin) => typeof origin === 'string' && ANYTHING.test(origin))
}
