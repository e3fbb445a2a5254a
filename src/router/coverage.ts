// Whether one route takes every request that another one takes, seen condition by condition. In doubt it does not.
import type { Route } from '../model/entities.js'
import { parseRegex } from '../util/regex/regex-parser.js'
import { PathRegex } from '../util/regex/regex.js'
import { isOpenEnded } from '../util/regex/regex-sample.js'
import { parseNamePattern, portColon } from './compatible/name-pattern.js'

/** Headers and SNIs of the one against those of the other; hosts, methods and paths are asked for one at a time. */
export function coversConditions(wide: Route, narrow: Route): boolean {
  return coversHeaders(wide, narrow) && coversServerNames(wide, narrow)
}

/** @param method null for any */
export function coversMethod({ methods }: Route, method: string | null): boolean {
  if (methods === null || methods.length === 0) return true
  return method !== null && methods.includes(method)
}

/** @param host as a route has it; null for any */
export function coversHost({ hosts }: Route, host: string | null): boolean {
  if (hosts === null || hosts.length === 0) return true
  return host !== null && hosts.some((wide) => hostCovers(wide, host))
}

function hostCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const [wideName, widePort] = splitPort(wide)
  const [narrowName, narrowPort] = splitPort(narrow)
  return (widePort === null || widePort === narrowPort) && nameCovers(wideName, narrowName)
}

function splitPort(host: string): readonly [name: string, port: string | null] {
  const colon = portColon(host)
  return colon < 0 ? [host, null] : [host.slice(0, colon), host.slice(colon + 1)]
}

function nameCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const a = parseNamePattern(wide)
  const b = parseNamePattern(narrow)
  if (a.kind === 'exact' || (b.kind !== 'exact' && b.kind !== a.kind)) return false
  return a.kind === 'suffix' ? b.text.endsWith(a.text) : b.text.startsWith(a.text)
}

function coversHeaders(wide: Route, narrow: Route): boolean {
  const given = new Map(
    Object.entries(narrow.headers ?? {}).map(([name, values]) => [name.toLowerCase(), values]),
  )
  return Object.entries(wide.headers ?? {}).every(([name, values]) => {
    const own = given.get(name.toLowerCase())
    const taken = new Set(values.map((value) => value.toLowerCase()))
    return own?.every((value) => taken.has(value.toLowerCase())) ?? false
  })
}

function coversServerNames(wide: Route, narrow: Route): boolean {
  if (wide.snis === null || wide.snis.length === 0) return true
  if (narrow.snis === null || narrow.snis.length === 0) return false
  return narrow.snis.every((sni) =>
    wide.snis?.some((other) => nameCovers(withoutDot(other), withoutDot(sni))),
  )
}

function withoutDot(sni: string): string {
  return sni.toLowerCase().replace(/(?<=.)\.$/, '')
}

/** Paths against each other, with what is worked out of a regular expression kept. */
export class PathCoverage {
  readonly #regexes = new Map<string, PathRegex>()
  /** Regexes that match whatever follows a match. */
  readonly #open = new Map<string, boolean>()

  /** What every path begins with that it matches: at least a slash. */
  startOf(path: string | null): string {
    if (path === null) return '/'
    return path.startsWith('~') ? plainStartOf(path.slice(1)) : path
  }

  /** @param wide, narrow as routes have them; null without, which is any path */
  covers(wide: string | null, narrow: string | null): boolean {
    // Every path begins with a slash.
    if (wide === null || wide === narrow || wide === '/') return true
    if (narrow === null) return false
    const start = narrow.startsWith('~') ? this.#read(narrow).literalPrefix : narrow
    if (!wide.startsWith('~')) return start.startsWith(wide)
    return this.#isOpen(wide) && this.#read(wide).exec(start) !== null
  }

  #read(path: string): PathRegex {
    const known = this.#regexes.get(path)
    if (known !== undefined) return known
    const regex = new PathRegex(path.slice(1))
    this.#regexes.set(path, regex)
    return regex
  }

  #isOpen(path: string): boolean {
    let isOpen = this.#open.get(path)
    if (isOpen === undefined) {
      isOpen = isOpenEnded(parseRegex(path.slice(1)))
      this.#open.set(path, isOpen)
    }
    return isOpen
  }
}

/** Found without reading the whole expression, of which there may be ten thousand; at most as long as it could be. */
function plainStartOf(source: string): string {
  const [plain = ''] = /^[^\\.+*?()|[\]{}^$]*/.exec(source) ?? []
  // What follows may make the last character optional, and alternatives everything.
  const isOpen = /^[*?{]/.test(source.slice(plain.length))
  const start = source.includes('|') ? '' : isOpen ? plain.slice(0, -1) : plain
  return start || '/'
}
