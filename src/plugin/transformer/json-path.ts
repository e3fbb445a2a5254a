// Where in a JSON body a change is made: the name of a member, or, without dots in names, a path such as
// `users[1].name` or `users[*].address.city`. Places in lists count from 1.
import { JsonList, JsonObject, type JsonContainer } from '../json-object.js'

type Step =
  | { readonly kind: 'member'; readonly key: string }
  | { readonly kind: 'item'; readonly key: string }
  | { readonly kind: 'every' }

/** At least one step. */
export type JsonPath = readonly Step[]

/** @param dotsInKeys whether all of it is the name of one member */
export function jsonPath(name: string, dotsInKeys: boolean): JsonPath {
  return dotsInKeys ? [{ kind: 'member', key: name }] : name.split('.').flatMap(stepsOf)
}

/** Brackets that are no place in a list belong to the name. */
function stepsOf(part: string): Step[] {
  const match = /^([^[\]]*)((?:\[(?:\d+|\*)\])+)$/.exec(part)
  if (match === null) return [{ kind: 'member', key: part }]
  const [, name = '', places = ''] = match
  const steps = places.slice(1, -1).split('][').map(placeOf)
  // A path may begin in a list.
  return name === '' ? steps : [{ kind: 'member', key: name }, ...steps]
}

function placeOf(place: string): Step {
  return place === '*' ? { kind: 'every' } : { kind: 'item', key: String(Number(place) - 1) }
}

export function removeAt(root: JsonContainer, path: JsonPath): void {
  visit(root, path, false, (container, key) => {
    container.remove(key)
  })
}

/**
 * @param to the new name of the member itself; it stays where it is
 * @param takesFalse Kong renames what is `false` in answers alone
 */
export function renameAt(
  root: JsonContainer,
  path: JsonPath,
  to: string,
  takesFalse: boolean,
): void {
  visit(root, path, false, (container, key) => {
    if (!(container instanceof JsonObject)) return
    if (takesFalse || container.hasValue(key)) container.rename(key, to)
  })
}

/** Kong: what is `false` counts as absent. */
export function replaceAt(root: JsonContainer, path: JsonPath, json: string): void {
  visit(root, path, false, (container, key) => {
    if (container.hasValue(key)) container.set(key, json)
  })
}

/** Makes the objects on the way that are not there. */
export function addAt(root: JsonContainer, path: JsonPath, json: string): void {
  visit(root, path, true, (container, key) => {
    if (!container.hasValue(key)) container.set(key, json)
  })
}

/** As `addAt`. */
export function appendAt(root: JsonContainer, path: JsonPath, json: string): void {
  visit(root, path, true, (container, key) => {
    container.append(key, json)
  })
}

/** Leaves what the paths lead to, and what they lead through. */
export function keepOnly(root: JsonContainer, paths: readonly JsonPath[], depth = 0): void {
  // From the end, for those behind a removed one move up.
  for (const key of root.keys.toReversed()) {
    const leading = paths.filter((path) => leadsTo(path[depth], root, key))
    if (leading.some(({ length }) => length === depth + 1)) continue
    const inside = leading.length === 0 ? null : root.open(key)
    if (inside === null) root.remove(key)
    else keepOnly(inside, leading, depth + 1)
  }
}

function leadsTo(step: Step | undefined, container: JsonContainer, key: string): boolean {
  if (step === undefined) return false
  if (step.kind === 'every') return container instanceof JsonList
  return step.key === key && (step.kind === 'item') === container instanceof JsonList
}

type Change = (container: JsonContainer, key: string) => void

function visit(
  container: JsonContainer,
  path: JsonPath,
  creates: boolean,
  change: Change,
  depth = 0,
): void {
  const step = path[depth]
  if (step === undefined) return
  for (const key of keysAt(container, step)) {
    if (depth === path.length - 1) {
      change(container, key)
      continue
    }
    if (creates && !container.has(key) && isOfMembers(path, depth)) container.set(key, '{}')
    const inside = container.open(key)
    if (inside !== null) visit(inside, path, creates, change, depth + 1)
  }
}

/** Of a list only places that there are; from the end, for those behind a removed one move up. */
function keysAt(container: JsonContainer, step: Step): readonly string[] {
  if (container instanceof JsonObject) return step.kind === 'member' ? [step.key] : NO_KEYS
  if (step.kind === 'every') return container.keys.toReversed()
  return step.kind === 'item' && container.has(step.key) ? [step.key] : NO_KEYS
}

const NO_KEYS: readonly string[] = []

/** Whether all that follows lies in objects: lists are not made. */
function isOfMembers(path: JsonPath, from: number): boolean {
  return path.slice(from).every(({ kind }) => kind === 'member')
}
