// What requests are counted by: the same for all plugins that limit.
import { createHash } from 'node:crypto'
import type { RequestContext } from '../contract.js'
import { headerSpellings, valueOf } from '../header-lookup.js'

export const IDENTIFIERS = ['consumer', 'credential', 'ip', 'service', 'header', 'path'] as const
export type Identifier = (typeof IDENTIFIERS)[number]

/** Settled at load. */
export interface IdentifierRule {
  readonly by: Identifier
  readonly header: readonly string[]
  readonly path: string | undefined
}

export function identifierRule(
  by: Identifier,
  header: string | undefined,
  path: string | undefined,
): IdentifierRule {
  return { by, header: header === undefined ? [] : headerSpellings(header), path }
}

/** The client's address where a request has no such thing, as in Kong. HOT PATH */
export function identifierOf(ctx: RequestContext, rule: IdentifierRule): string {
  return preferred(ctx, rule) ?? ctx.request.clientIp
}

/** Longer ones are hashed: clients choose headers, and a key of Redis is kept for a while. */
const LONGEST = 128

/** The identifier as a part of a key. */
export function keyPart(identifier: string): string {
  if (identifier.length <= LONGEST) return identifier
  return createHash('sha256').update(identifier).digest('hex')
}

function preferred(ctx: RequestContext, rule: IdentifierRule): string | undefined {
  switch (rule.by) {
    case 'consumer':
      return ctx.consumer?.id ?? ctx.credential?.id
    case 'credential':
      return ctx.credential?.id
    case 'service':
      return ctx.service?.id
    case 'header':
      return valueOf(ctx.request.headers, rule.header)
    case 'path':
      return ctx.request.path === rule.path ? rule.path : undefined
    case 'ip':
      return undefined
  }
}
