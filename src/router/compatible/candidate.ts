// One way for a route to match: its conditions next to the host, and the answer, all made at load.
import type { Route } from '../../model/entities.js'
import type { Sliced } from '../../util/slices.js'
import type { RouteMatch, RouteQuestion } from '../contract.js'
import { compileHeaderRegex, PathRegex, type TextMatcher } from '../../util/regex/regex.js'
import { isRegexPath } from './order.js'
import { type NamePattern, parseNamePattern } from './name-pattern.js'

/** A regex path, whatever the dialect that it is written in. */
export interface PathMatcher {
  /** Text that every match begins with; may be empty. */
  readonly literalPrefix: string
  /** Matches from the start of the path, not necessarily to its end. */
  exec(path: string): RegExpExecArray | null
}

/** What a flavour makes of the regular expressions of its routes. Both throw an Error for one that cannot be used. */
export interface Dialect {
  /** @param source the path without its `~` */
  pathRegex(source: string): PathMatcher
  /** @param source the header value without its `~*`; what is tested is in lower case */
  headerRegex(source: string): TextMatcher
}

const RUST: Dialect = {
  pathRegex: (source) => new PathRegex(source),
  headerRegex: compileHeaderRegex,
}

export interface Candidate {
  /** Place in the order of trial; no two candidates share one. */
  readonly order: number
  /** The plain path, or what a match of the regex must begin with; '' without paths. */
  readonly literalPrefix: string
  /** Null for a plain path, and without paths. */
  readonly regex: PathMatcher | null
  /** The whole answer; for a regex its route alone counts. */
  readonly match: RouteMatch
  readonly conditions: Conditions
}

/** What one route asks of a request beyond host and path. */
export interface Conditions {
  readonly methods: ReadonlySet<string> | null
  readonly headers: readonly HeaderCondition[] | null
  readonly serverNames: readonly NamePattern[] | null
}

interface HeaderCondition {
  /** In lower case, as the values. */
  readonly name: string
  readonly values: ReadonlySet<string>
  readonly regexes: readonly TextMatcher[]
}

/** What is made of a route alone, without its place among others. */
interface Parsed {
  readonly conditions: Conditions
  /** By path; null for a plain one. */
  readonly regexes: ReadonlyMap<string, PathMatcher | null>
}

/** A route, or the part of it that is tried at one place in the order. */
export interface RoutePart {
  readonly route: Route
  /** Empty for a route without paths. */
  readonly paths: readonly string[]
}

/** Makes the candidates of routes, in the order of the parts; one for each path. */
export class CandidateMaker {
  readonly #dialect: Dialect
  /** Routes outlive reloads that do not change them, and with them what has been made of them. */
  readonly #known = new WeakMap<Route, Parsed>()

  constructor(dialect = RUST) {
    this.#dialect = dialect
  }

  /** @throws Error for a regular expression that cannot be used */
  *make(parts: readonly RoutePart[]): Sliced<Candidate[]> {
    const candidates: Candidate[] = []
    for (const { route, paths } of parts) {
      const parsed = this.#parsedOf(route)
      if (paths.length === 0) candidates.push(makeCandidate(route, '', parsed, candidates.length))
      for (const path of paths)
        candidates.push(makeCandidate(route, path, parsed, candidates.length))
      yield
    }
    return candidates
  }

  #parsedOf(route: Route): Parsed {
    let parsed = this.#known.get(route)
    if (parsed === undefined) {
      const regexes = new Map(
        (route.paths ?? []).map((path) => [
          path,
          isRegexPath(path) ? this.#dialect.pathRegex(path.slice(1)) : null,
        ]),
      )
      const conditions = readConditions(route, this.#dialect)
      this.#known.set(route, (parsed = { conditions, regexes }))
    }
    return parsed
  }
}

function makeCandidate(
  route: Route,
  path: string,
  { conditions, regexes }: Parsed,
  order: number,
): Candidate {
  const regex = regexes.get(path) ?? null
  if (regex === null) {
    const match = { route, prefix: path, captures: null }
    return { order, literalPrefix: path, regex, match, conditions }
  }
  const match = { route, prefix: '', captures: null }
  return { order, literalPrefix: regex.literalPrefix, regex, match, conditions }
}

function readConditions({ methods, headers, snis }: Route, dialect: Dialect): Conditions {
  const names = Object.entries(headers ?? {})
  return {
    methods: isEmpty(methods) ? null : new Set(methods),
    headers:
      names.length === 0 ? null : names.map(([name, values]) => readHeader(name, values, dialect)),
    // A final dot belongs to the notation, not to the name that a client sends.
    serverNames: isEmpty(snis)
      ? null
      : snis.map((sni) => parseNamePattern(sni.toLowerCase().replace(/(?<=.)\.$/, ''))),
  }
}

function isEmpty(list: readonly string[] | null): list is null {
  return list === null || list.length === 0
}

const REGEX_MARK = '~*'

function readHeader(name: string, values: readonly string[], dialect: Dialect): HeaderCondition {
  const regexes = values.filter((value) => value.startsWith(REGEX_MARK))
  const plain = values.filter((value) => !value.startsWith(REGEX_MARK))
  return {
    name: name.toLowerCase(),
    values: new Set(plain.map((value) => value.toLowerCase())),
    regexes: regexes.map((value) => dialect.headerRegex(value.slice(REGEX_MARK.length))),
  }
}

// HOT PATH
export function meets(question: RouteQuestion, conditions: Conditions): boolean {
  const { methods, headers, serverNames } = conditions
  if (methods !== null && !methods.has(question.method)) return false
  if (headers !== null && !meetsHeaders(question, headers)) return false
  // Kong: a route's snis mean nothing to a plain connection, so that it can be told to use TLS.
  return serverNames === null || !question.secure || meetsServerName(question, serverNames)
}

function meetsHeaders(question: RouteQuestion, conditions: readonly HeaderCondition[]): boolean {
  for (const condition of conditions) if (!meetsHeader(question, condition)) return false
  return true
}

function meetsHeader({ headers }: RouteQuestion, condition: HeaderCondition): boolean {
  for (const sent of headers.getAll(condition.name)) {
    const value = sent.toLowerCase()
    if (condition.values.has(value)) return true
    for (const regex of condition.regexes) if (regex.test(value)) return true
  }
  return false
}

function meetsServerName({ serverName }: RouteQuestion, patterns: readonly NamePattern[]): boolean {
  const name = serverName.toLowerCase()
  for (const { kind, text } of patterns) {
    if (
      kind === 'exact'
        ? name === text
        : kind === 'suffix'
          ? name.endsWith(text)
          : name.startsWith(text)
    )
      return true
  }
  return false
}
