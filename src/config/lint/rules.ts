// The table of rules that need no more than the file: one row each, in the order of the README's table.
import { corsCredentialsWildcard } from './cors-credentials-wildcard.js'
import { forgeableTokens } from './forgeable-tokens.js'
import { jwtWithoutExp } from './jwt-without-exp.js'
import { localRateLimit } from './local-rate-limit.js'
import { noRecovery } from './no-recovery.js'
import { pointlessDisabling } from './no-effect/pointless-disabling.js'
import { terminatedRequests } from './no-effect/terminated-requests.js'
import { withoutAuthentication } from './no-effect/without-authentication.js'
import { withoutCredentials } from './no-effect/without-credentials.js'
import { plaintextSecret } from './plaintext-secret.js'
import type { Rule } from './rule.js'
import { runawayRegex } from './runaway-regex.js'
import { unreachableRoute } from './unreachable-route.js'

export const RULES: readonly Rule[] = [
  { name: 'unreachable-route', check: unreachableRoute },
  { name: 'runaway-regex', check: runawayRegex },
  { name: 'no-effect', check: withoutAuthentication },
  { name: 'no-effect', check: withoutCredentials },
  { name: 'no-effect', check: pointlessDisabling },
  { name: 'no-effect', check: terminatedRequests },
  { name: 'jwt-without-exp', check: jwtWithoutExp },
  { name: 'forgeable-tokens', check: forgeableTokens },
  { name: 'cors-credentials-wildcard', check: corsCredentialsWildcard },
  { name: 'plaintext-secret', check: plaintextSecret },
  { name: 'local-rate-limit', check: localRateLimit },
  { name: 'no-recovery', check: noRecovery },
]
