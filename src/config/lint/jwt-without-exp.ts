// jwt that never looks at when a token ends.
import type { Finding } from './rule.js'
import type { LintView } from './view.js'

export function jwtWithoutExp(view: LintView): Finding[] {
  return view.usesOf('jwt').flatMap(({ config, path }) => {
    const claims: unknown = config.claims_to_verify
    if (Array.isArray(claims) && claims.includes('exp')) return []
    return [
      {
        path: [...path, 'config', 'claims_to_verify'],
        message: 'tokens are accepted for ever: exp is not verified',
        hint: 'claims_to_verify: [exp] refuses tokens that have expired, and those without exp',
      },
    ]
  })
}
