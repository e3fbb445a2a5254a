// Requests made up for the routes of both files, for the two routers to answer.
import type { Route } from '../../model/entities.js'
import type { RouteQuestion } from '../../router/contract.js'
import { exampleFor, USUAL, type Choice, type Filler } from '../../router/example.js'

/** A route may list so many hosts, methods and header values that trying them all is not worth it. */
const MAX_CHOICES = 64

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

/** What stands where a route takes anything: the usual, and something that no route asks for. */
export function fillersFor(routes: readonly Route[]): readonly Filler[] {
  const named = new Set(routes.flatMap(({ methods }) => methods ?? []))
  const method = METHODS.find((one) => one !== USUAL.method && !named.has(one)) ?? 'PURGE'
  return [USUAL, { method, host: 'other.test', label: 'other', rest: '/other' }]
}

export interface Examples {
  readonly questions: readonly RouteQuestion[]
  /** Not every way to meet the route is among them. */
  readonly isCut: boolean
}

/** Every path with every host, method and header value, at most so many. */
export function examplesFor(route: Route, fillers: readonly Filler[]): Examples {
  const choices = choicesFor(route)
  const chosen = choices.slice(0, MAX_CHOICES)
  const questions = chosen.flatMap(({ variant, choice }) =>
    fillers.flatMap((filler) => exampleFor(variant, choice, fitting(filler, choice)) ?? []),
  )
  return {
    // A route for https alone answers http with a word to that effect.
    questions: route.protocols.every((one) => one === 'https' || one === 'grpcs')
      ? questions.map((question) => ({ ...question, secure: true }))
      : questions,
    isCut: choices.length > MAX_CHOICES,
  }
}

/** Behind a slash no other one, which would be no path of a request. */
function fitting(filler: Filler, { path }: Choice): Filler {
  const endsWithSlash = path === null || path.endsWith('/')
  return endsWithSlash ? { ...filler, rest: filler.rest.replace(/^\//, '') } : filler
}

interface Variant {
  /** The route with one value for each header, and one SNI. */
  readonly variant: Route
  readonly choice: Choice
}

function choicesFor(route: Route): Variant[] {
  const found: Variant[] = []
  const variants = variantsOf(route)
  for (const path of listOf(route.paths)) {
    for (const host of listOf(route.hosts)) {
      for (const method of listOf(route.methods)) {
        for (const variant of variants) {
          found.push({ variant, choice: { path, host, method } })
          // One more says that there are more.
          if (found.length > MAX_CHOICES) return found
        }
      }
    }
  }
  return found
}

function variantsOf(route: Route): readonly Route[] {
  const ofHeaders = Object.entries(route.headers ?? {}).flatMap(([name, values]) =>
    values
      .slice(1, MAX_CHOICES)
      .map((value) => ({ ...route, headers: { ...route.headers, [name]: [value] } })),
  )
  const ofNames = (route.snis ?? []).slice(1, MAX_CHOICES).map((sni) => ({ ...route, snis: [sni] }))
  return [route, ...ofHeaders, ...ofNames]
}

function listOf(list: readonly string[] | null): readonly (string | null)[] {
  return list === null || list.length === 0 ? [null] : list
}

/** The same request with as much of the usual in it as leaves it what it shows: easier to read, and to try. */
export function plainest(
  question: RouteQuestion,
  shows: (question: RouteQuestion) => boolean,
  fillers: readonly Filler[],
): RouteQuestion {
  let plain = question
  const attempt = (change: Partial<RouteQuestion>): void => {
    const changed = { ...plain, ...change }
    if (shows(changed)) plain = changed
  }
  for (const { method, host, rest } of fillers.slice(1)) {
    if (plain.method === method) attempt({ method: USUAL.method })
    if (plain.host === host) attempt({ host: USUAL.host })
    if (plain.path.endsWith(rest)) attempt({ path: plain.path.slice(0, -rest.length) || '/' })
  }
  return plain
}
