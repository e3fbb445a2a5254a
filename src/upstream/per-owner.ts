// What is kept for a service, or for a route that has values of its own, over reloads: as long as entity and policy stay
// the same objects, which they do while they are unchanged.
import type { Route, Service } from '../model/entities.js'

/** Whom state belongs to. */
export interface Owner {
  readonly entity: Service | Route
  /** For the log. */
  readonly names: { readonly service: string; readonly route?: string }
}

/** @param isOwn whether the policy is bound to the route, which then shares nothing with others of its service */
export function ownerOf(service: Service, route: Route, isOwn: boolean): Owner {
  const name = service.name ?? service.id
  if (!isOwn) return { entity: service, names: { service: name } }
  return { entity: route, names: { service: name, route: route.name ?? route.id } }
}

export class PerOwner<Policy extends object, T> {
  readonly #known = new WeakMap<object, WeakMap<Policy, T>>()
  readonly #make: (policy: Policy, owner: Owner) => T

  constructor(make: (policy: Policy, owner: Owner) => T) {
    this.#make = make
  }

  of(owner: Owner, policy: Policy): T {
    let ofOwner = this.#known.get(owner.entity)
    if (ofOwner === undefined) this.#known.set(owner.entity, (ofOwner = new WeakMap<Policy, T>()))
    let state = ofOwner.get(policy)
    if (state === undefined) ofOwner.set(policy, (state = this.#make(policy, owner)))
    return state
  }
}
