// What flavour traditional finds out about a request before it tries any route.
import type { Sliced } from '../../util/slices.js'
import type { Candidate, Conditions } from '../compatible/candidate.js'
import { PathTree } from '../compatible/path-tree.js'
import { Search } from '../compatible/search.js'
import type { RouteQuestion } from '../contract.js'
import type { Hits } from './category.js'
import { HEADER, HOST, METHOD, PATH, SERVER_NAME } from './order.js'
import { isWildcard, splitHost, wildcardRegex } from './request-host.js'

const NO_CONDITIONS: Conditions = { methods: null, headers: null, serverNames: null }

export class HitIndex {
  readonly #plainHosts = new Set<string>()
  readonly #wildcards = new Map<string, RegExp>()
  readonly #headers = new Set<string>()
  readonly #methods = new Set<string>()
  readonly #serverNames = new Set<string>()
  /** Regexes in order of trial, then plain paths from the longest; whatever else their routes ask for. */
  readonly #paths = new PathTree<Candidate>()
  /** By place in that order. */
  readonly #pathTexts: string[] = []
  readonly #search = new Search()
  /** One object for all requests of a router in turn. */
  readonly #hits: Hits = { bits: 0, hosts: [], host: '', header: '', path: '' }

  private constructor() {
    // Filled by `build` alone.
  }

  /** @param candidates in order of trial, with their paths; a regex without its `~` */
  static *build(candidates: readonly (readonly [Candidate, string])[]): Sliced<HitIndex> {
    const index = new HitIndex()
    const regexes = new Map<string, Candidate>()
    const plain = new Map<string, Candidate>()
    for (const [candidate, path] of candidates) {
      index.#add(candidate)
      const paths = candidate.regex === null ? plain : regexes
      if (path !== '' && !paths.has(path)) paths.set(path, candidate)
      yield
    }
    const byLength = [...plain].sort(([a], [b]) => Buffer.byteLength(b) - Buffer.byteLength(a))
    for (const [path, candidate] of [...regexes, ...byLength]) {
      const order = index.#pathTexts.push(path) - 1
      index.#paths.insert({ ...candidate, order, conditions: NO_CONDITIONS })
      yield
    }
    return index
  }

  #add({ match, conditions }: Candidate): void {
    for (const host of match.route.hosts ?? []) {
      if (!isWildcard(host)) this.#plainHosts.add(host)
      else if (!this.#wildcards.has(host)) this.#wildcards.set(host, wildcardRegex(host))
    }
    // Which of one route's headers comes first Kong leaves to a hash table; here the alphabet says.
    const names = conditions.headers?.map(({ name }) => name) ?? []
    for (const name of names.sort()) this.#headers.add(name)
    for (const method of conditions.methods ?? []) this.#methods.add(method)
    for (const { text } of conditions.serverNames ?? []) this.#serverNames.add(text)
  }

  /** What is returned holds until the next call. */
  // HOT PATH
  of(question: RouteQuestion): Readonly<Hits> {
    const hits = this.#hits
    hits.bits = 0
    this.#findHosts(question)
    this.#findHeader(question)
    this.#findPath(question)
    if (this.#methods.has(question.method)) hits.bits |= METHOD
    if (this.#serverNames.has(question.serverName)) hits.bits |= SERVER_NAME
    return hits
  }

  #findHosts({ host, secure }: RouteQuestion): void {
    const hits = this.#hits
    hits.hosts.length = 0
    hits.host = host
    if (host === '') return
    const { name, withPort } = splitHost(host, secure ? 443 : 80)
    // Kong: `name:80` counts as hit by a Host without port, though its route then does not match.
    const isPlain = this.#plainHosts.has(withPort) || this.#plainHosts.has(name)
    if (this.#plainHosts.has(host)) hits.hosts.push(host)
    if (name !== host && this.#plainHosts.has(name)) hits.hosts.push(name)
    for (const [wildcard, regex] of this.#wildcards) {
      if (!regex.test(withPort)) continue
      if (!isPlain && hits.hosts.length === 0) hits.host = wildcard
      hits.hosts.push(wildcard)
    }
    if (isPlain || hits.hosts.length > 0) hits.bits |= HOST
  }

  #findHeader({ headers }: RouteQuestion): void {
    const hits = this.#hits
    hits.header = ''
    for (const name of this.#headers) {
      if (!headers.has(name)) continue
      hits.header = name
      hits.bits |= HEADER
      return
    }
  }

  #findPath(question: RouteQuestion): void {
    const hits = this.#hits
    this.#search.begin()
    this.#paths.walk(this.#search, question)
    const text = this.#pathTexts[this.#search.bestOrder]
    hits.path = text ?? ''
    if (text !== undefined) hits.bits |= PATH
  }
}
