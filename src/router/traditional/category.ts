// The routes that ask for the same attributes, filed by what they ask.
import type { RouteQuestion } from '../contract.js'
import type { Candidate } from '../compatible/candidate.js'
import { PathTree } from '../compatible/path-tree.js'
import type { Search } from '../compatible/search.js'
import { HEADER, HOST, METHOD, PATH, SERVER_NAME } from './order.js'

/** What the index says of a request before any route is tried. */
export interface Hits {
  /** The attributes for which anything matches, as bits. */
  bits: number
  /** Every host of any route that matches. */
  readonly hosts: string[]
  /** The one that routes are looked up by. */
  host: string
  /** The first header that any route asks for and the request has; empty without. */
  header: string
  /** The path that routes are looked up by, a regex without its `~`; empty without. */
  path: string
}

/** Candidates by the hosts they are for. */
class Group {
  /** As Kong counts them. */
  size = 0
  readonly #anyHost = new PathTree<Candidate>()
  #byHost: Map<string, { readonly tree: PathTree<Candidate>; size: number }> | null = null

  add(candidate: Candidate): void {
    this.size++
    const hosts = candidate.match.route.hosts ?? []
    if (hosts.length === 0) this.#anyHost.insert(candidate)
    for (const host of new Set(hosts)) {
      this.#byHost ??= new Map()
      let own = this.#byHost.get(host)
      if (own === undefined)
        this.#byHost.set(host, (own = { tree: new PathTree<Candidate>(), size: 0 }))
      own.tree.insert(candidate)
      own.size++
    }
  }

  sizeOf(host: string): number {
    return this.#byHost?.get(host)?.size ?? 0
  }

  // HOT PATH
  walk(search: Search, question: RouteQuestion, hosts: readonly string[]): void {
    this.#anyHost.walk(search, question)
    if (this.#byHost === null) return
    for (const host of hosts) this.#byHost.get(host)?.tree.walk(search, question)
  }

  // HOT PATH
  walkHost(search: Search, question: RouteQuestion, host: string): void {
    this.#byHost?.get(host)?.tree.walk(search, question)
  }
}

type Index = Map<string, Group>

export class Category {
  readonly bits: number
  readonly #all = new Group()
  readonly #byHeader: Index = new Map()
  readonly #byPath: Index = new Map()
  readonly #byMethod: Index = new Map()
  readonly #byServerName: Index = new Map()

  constructor(bits: number) {
    this.bits = bits
  }

  /**
   * Takes candidates in order of trial.
   * @param path the candidate's own, a regex without its `~`
   */
  add(candidate: Candidate, path: string): void {
    this.#all.add(candidate)
    const { headers, methods, serverNames } = candidate.conditions
    for (const { name } of headers ?? []) file(this.#byHeader, name, candidate)
    if ((this.bits & PATH) !== 0) file(this.#byPath, path, candidate)
    for (const method of methods ?? []) file(this.#byMethod, method, candidate)
    for (const { text } of serverNames ?? []) file(this.#byServerName, text, candidate)
  }

  /**
   * Kong first tries the routes that are filed under one attribute of the request, and all of the category behind
   * them. So a route that is not the first in order may win.
   */
  // HOT PATH
  search(search: Search, question: RouteQuestion, hits: Hits): void {
    search.begin()
    this.#searchLikely(search, question, hits)
    if (search.bestOrder === Infinity) this.#all.walk(search, question, hits.hosts)
  }

  /** Those of the header, or else the fewest of those under the request's host, path, method or server name. */
  // HOT PATH
  #searchLikely(search: Search, question: RouteQuestion, hits: Hits): void {
    const { bits } = this
    const ofHeader = (bits & HEADER) === 0 ? undefined : this.#byHeader.get(hits.header)
    if (ofHeader !== undefined) {
      ofHeader.walk(search, question, hits.hosts)
      return
    }
    const ofHost = (bits & HOST) === 0 ? 0 : this.#all.sizeOf(hits.host)
    let fewest: Group | undefined
    let size = ofHost === 0 ? Infinity : ofHost
    for (const [bit, index, key] of [
      [PATH, this.#byPath, hits.path],
      [METHOD, this.#byMethod, question.method],
      [SERVER_NAME, this.#byServerName, question.serverName],
    ] as const) {
      const group = (bits & bit) === 0 ? undefined : index.get(key)
      if (group === undefined || group.size >= size) continue
      fewest = group
      size = group.size
    }
    if (fewest !== undefined) fewest.walk(search, question, hits.hosts)
    else if (ofHost > 0) this.#all.walkHost(search, question, hits.host)
  }
}

function file(index: Index, key: string, candidate: Candidate): void {
  let group = index.get(key)
  if (group === undefined) index.set(key, (group = new Group()))
  group.add(candidate)
}
