// Lets consumers pass, or refuses them, by the groups that they belong to.
import {
  atLeastOneOf,
  authenticatedGroups,
  callerOf,
  definePlugin,
  exactlyOneOf,
  type AccessContext,
  type Credential,
  type Exit,
} from 'gw/plugin'
import { schema } from './schema.js'

interface Use {
  readonly listed: ReadonlySet<string>
  /** Whether the listed groups are those that may pass. */
  readonly allows: boolean
  readonly tellsGroups: boolean
  readonly prefersAuthenticated: boolean
  /** What has been decided on a consumer's groups. The list of a consumer is the same object until its groups change. */
  readonly known: WeakMap<readonly Credential[], Decision>
}

interface Decision {
  readonly hasGroups: boolean
  readonly passes: boolean
  /** The groups as the target is told. */
  readonly text: string
}

const OWN_HEADER = 'X-Consumer-Groups'
const OTHER_HEADER = 'X-Authenticated-Groups'
const FORBIDDEN = 'You cannot consume this service'

export default definePlugin({
  name: 'acl',
  version: '3.9.1',
  priority: 950,
  schema,
  // Kong names both when neither is given.
  rules: [exactlyOneOf('allow', 'deny'), atLeastOneOf('allow', 'deny')],
  scopes: ['global', 'service', 'route'],

  prepare(config): Use {
    const { allow = [], deny = [] } = config
    return {
      listed: new Set(allow.length > 0 ? allow : deny),
      allows: allow.length > 0,
      tellsGroups: !config.hide_groups_header,
      prefersAuthenticated: config.always_use_authenticated_groups,
      known: new WeakMap(),
    }
  },

  // HOT PATH
  access(ctx, use) {
    const consumer = callerOf(ctx)
    const groups = ctx.get(authenticatedGroups)
    // Groups of its own count for a consumer that has shown a credential, unless the configuration prefers the others.
    const usesOwn =
      groups === undefined ||
      (consumer !== null && ctx.credential !== null && !use.prefersAuthenticated)
    if (!usesOwn) {
      ctx.upstream.headers.remove(OWN_HEADER)
      return settle(ctx, use, OTHER_HEADER, decide(use, groups))
    }
    if (consumer === null) return refuse(ctx)
    const memberships = ctx.store.credentialsOf('acls', consumer)
    let decision = use.known.get(memberships)
    if (decision === undefined) {
      decision = decide(use, groupsOf(memberships))
      use.known.set(memberships, decision)
    }
    if (use.allows && !decision.hasGroups) return refuse(ctx)
    // Unless there are such groups, nobody but the client can have set it.
    if (groups === undefined) ctx.upstream.headers.remove(OTHER_HEADER)
    return settle(ctx, use, OWN_HEADER, decision)
  },
})

/** Whoever has shown no credential may still do so: 401. */
function refuse(ctx: AccessContext): Exit {
  return ctx.credential === null ? ctx.error(401, 'Unauthorized') : ctx.error(403, FORBIDDEN)
}

function settle(
  ctx: AccessContext,
  use: Use,
  header: string,
  decision: Decision,
): Exit | undefined {
  if (!decision.passes) return ctx.error(403, FORBIDDEN)
  const { headers } = ctx.upstream
  if (use.tellsGroups) headers.set(header, decision.text)
  // A target that trusts the header must not get one of the client's.
  else headers.remove(header)
  return undefined
}

function decide(use: Use, groups: readonly string[]): Decision {
  const isListed = groups.some((group) => use.listed.has(group))
  return { hasGroups: groups.length > 0, passes: isListed === use.allows, text: groups.join(', ') }
}

/** In the order of their ids, in which Kong names them to the target. */
function groupsOf(memberships: readonly Credential[]): string[] {
  return [...memberships]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ group }) => (typeof group === 'string' ? group : ''))
}
