// Refuses programs that fetch pages by themselves, by what they call themselves in User-Agent.
import { compilePattern, definePlugin } from 'gw/plugin'
import { isKnownBot } from './known-bots.js'
import { spec } from './spec.js'

interface Use {
  readonly allow: readonly RegExp[]
  readonly deny: readonly RegExp[]
}

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 2500,

  prepare({ allow, deny }): Use {
    return {
      allow: allow.map((pattern) => compilePattern(pattern)),
      deny: deny.map((pattern) => compilePattern(pattern)),
    }
  },

  // HOT PATH
  access(ctx, { allow, deny }) {
    const first = ctx.request.headers.get('user-agent')
    if (first === undefined) return undefined
    // One of them would be looked at, and the target might believe the other.
    if (ctx.request.headers.getAll('user-agent').length > 1) {
      return ctx.error(400, 'Only one User-Agent header allowed')
    }
    const userAgent = first.trim()
    if (matchesAny(allow, userAgent)) return undefined
    if (!matchesAny(deny, userAgent) && !isKnownBot(userAgent)) return undefined
    return ctx.error(403, 'Forbidden')
  },
})

function matchesAny(patterns: readonly RegExp[], userAgent: string): boolean {
  for (const pattern of patterns) if (pattern.test(userAgent)) return true
  return false
}
