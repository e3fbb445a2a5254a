// Candidates by the hosts that their routes are for.
import type { Sliced } from '../../util/slices.js'
import type { RouteQuestion } from '../contract.js'
import type { Candidate } from './candidate.js'
import { type NamePattern, parseNamePattern, portColon } from './name-pattern.js'
import { PathTree } from './path-tree.js'
import type { Search } from './search.js'

/** The candidates of one host name or wildcard. */
interface HostEntry {
  anyPort: PathTree<Candidate> | null
  byPort: Map<number, PathTree<Candidate>> | null
}

type Entries = Map<string, HostEntry>

export class HostTable {
  readonly #exact: Entries = new Map()
  /** By `.x` for `*.x`, and by `x.` for `x.*`; null without any. */
  #suffixes: Entries | null = null
  #prefixes: Entries | null = null
  #hasHosts = false
  /** Candidates of routes that take any host. */
  readonly #anyHost = new PathTree<Candidate>()

  private constructor() {
    // Filled by `build` alone.
  }

  /** @param candidates in order of trial */
  static *build(candidates: readonly Candidate[]): Sliced<HostTable> {
    const table = new HostTable()
    const lists = new Map<string, Candidate[]>()
    for (const candidate of candidates) {
      yield
      const hosts = candidate.match.route.hosts ?? []
      if (hosts.length === 0) table.#anyHost.insert(candidate)
      for (const host of new Set(hosts)) {
        const list = lists.get(host)
        if (list === undefined) lists.set(host, [candidate])
        else list.push(candidate)
      }
    }
    table.#hasHosts = lists.size > 0
    yield* table.#addTrees(lists)
    return table
  }

  // HOT PATH
  walk(search: Search, question: RouteQuestion): void {
    if (this.#hasHosts) this.#walkHosts(search, question)
    this.#anyHost.walk(search, question)
  }

  #walkHosts(search: Search, question: RouteQuestion): void {
    const { host } = question
    const colon = portColon(host)
    const name = colon < 0 ? host : host.slice(0, colon)
    const port = colon < 0 ? question.port : Number(host.slice(colon + 1))
    walkEntry(this.#exact.get(name), port, search, question)
    if (this.#suffixes === null && this.#prefixes === null) return
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      walkEntry(this.#suffixes?.get(name.slice(dot)), port, search, question)
      walkEntry(this.#prefixes?.get(name.slice(0, dot + 1)), port, search, question)
    }
  }

  /** Hosts with the same candidates share a tree: a route may be for hundreds of them. */
  *#addTrees(lists: ReadonlyMap<string, readonly Candidate[]>): Sliced<void> {
    const trees = new Map<string, PathTree<Candidate>>()
    for (const [host, list] of lists) {
      const key = list.map(({ order }) => order).join()
      let tree = trees.get(key)
      if (tree === undefined) {
        trees.set(key, (tree = new PathTree<Candidate>()))
        for (const candidate of list) {
          tree.insert(candidate)
          yield
        }
      }
      this.#addTree(host, tree)
    }
  }

  #addTree(host: string, tree: PathTree<Candidate>): void {
    const colon = portColon(host)
    const pattern = parseNamePattern(colon < 0 ? host : host.slice(0, colon))
    const entry = this.#entryFor(pattern)
    if (colon < 0) entry.anyPort = tree
    else (entry.byPort ??= new Map()).set(Number(host.slice(colon + 1)), tree)
  }

  #entryFor({ kind, text }: NamePattern): HostEntry {
    const entries = this.#entriesOf(kind)
    let entry = entries.get(text)
    if (entry === undefined) entries.set(text, (entry = { anyPort: null, byPort: null }))
    return entry
  }

  #entriesOf(kind: NamePattern['kind']): Entries {
    switch (kind) {
      case 'exact':
        return this.#exact
      case 'suffix':
        return (this.#suffixes ??= new Map<string, HostEntry>())
      case 'prefix':
        return (this.#prefixes ??= new Map<string, HostEntry>())
    }
  }
}

// HOT PATH
function walkEntry(
  entry: HostEntry | undefined,
  port: number,
  search: Search,
  question: RouteQuestion,
): void {
  if (entry === undefined) return
  entry.anyPort?.walk(search, question)
  entry.byPort?.get(port)?.walk(search, question)
}
