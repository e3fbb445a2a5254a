// Where a plugin applies, and which other plugins see the same requests.
import type { Draft } from '../draft.js'

export interface Scope {
  readonly route: Draft | null
  readonly service: Draft | null
  readonly consumer: Draft | null
}

export function scopeOf(draft: Draft): Scope {
  return {
    route: linkOf(draft, 'route'),
    service: linkOf(draft, 'service'),
    consumer: linkOf(draft, 'consumer'),
  }
}

/** The service that requests of that route go to. */
export function serviceOf(route: Draft): Draft | null {
  return linkOf(route, 'service')
}

export function scopeKey({ route, service, consumer }: Scope): string {
  return [route, service, consumer].map((draft) => draft?.id ?? '').join(' ')
}

/** Whether some request could be in both. Consumers do not count: whose a request is shows when it comes. */
export function canMeet(a: Scope, b: Scope): boolean {
  if (a.route !== null && b.route !== null && a.route !== b.route) return false
  const route = a.route ?? b.route
  if (route === null) return a.service === null || b.service === null || a.service === b.service
  const service = serviceOf(route)
  return [a.service, b.service].every((own) => own === null || own === service)
}

/** For a message: `route 'x'`, or `all requests`. */
export function describeScope({ route, service, consumer }: Scope): string {
  const parts = [
    ['consumer', consumer, 'username'],
    ['route', route, 'name'],
    ['service', service, 'name'],
  ] as const
  const named = parts.flatMap(([what, draft, field]) =>
    draft === null ? [] : [`${what} '${titleOf(draft, field)}'`],
  )
  return named.length === 0 ? 'all requests' : named.join(' and ')
}

/** The entity's name, or its id. */
export function titleOf({ fields, id }: Draft, field: 'name' | 'username'): string {
  const name = fields[field]
  return typeof name === 'string' ? name : id
}

function linkOf({ references }: Draft, field: string): Draft | null {
  const reference = references.get(field) ?? null
  return reference?.kind === 'resolved' ? reference.draft : null
}
