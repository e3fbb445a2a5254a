// One of the two files, checked, as the comparison looks at it: entities by kind, how they hang together, their places
// and what to call them.
import type { LoadedConfig, PluginLookup } from '../../config/index.js'
import type { Draft } from '../../config/draft.js'
import type { CollectionName } from '../../config/entities/collection.js'
import { formatPath } from '../../config/faults.js'
import type { PluginSpec } from '../../plugin/contract.js'
import type { Place } from './difference.js'

/** What messages call an entity of that kind. */
const NOUNS: Readonly<Record<CollectionName, string>> = {
  services: 'service',
  routes: 'route',
  consumers: 'consumer',
  plugins: 'plugin',
  upstreams: 'upstream',
  targets: 'target',
  certificates: 'certificate',
  snis: 'SNI',
  ca_certificates: 'CA certificate',
  vaults: 'vault',
  keys: 'key',
  key_sets: 'key set',
  keyauth_credentials: 'key-auth credential',
  keyauth_enc_credentials: 'key-auth-enc credential',
  basicauth_credentials: 'basic-auth credential',
  hmacauth_credentials: 'hmac-auth credential',
  jwt_secrets: 'jwt credential',
  oauth2_credentials: 'oauth2 credential',
  oauth2_tokens: 'oauth2 token',
  oauth2_authorization_codes: 'oauth2 authorization code',
  acls: 'ACL group',
}

/** Fields that name an entity and are no secret. */
const NAMES: Partial<Readonly<Record<CollectionName, readonly string[]>>> = {
  services: ['name'],
  routes: ['name'],
  consumers: ['username', 'custom_id'],
  upstreams: ['name'],
  targets: ['target'],
  snis: ['name'],
  vaults: ['prefix'],
  keys: ['name'],
  key_sets: ['name'],
  acls: ['group'],
}

export class Side {
  readonly file: string
  readonly config: LoadedConfig
  readonly #plugins: PluginLookup
  readonly #byCollection = new Map<CollectionName, Draft[]>()
  readonly #children = new Map<Draft, Draft[]>()
  readonly #byId = new Map<string, Draft>()

  constructor(file: string, config: LoadedConfig, plugins: PluginLookup) {
    this.file = file
    this.config = config
    this.#plugins = plugins
    for (const draft of config.origin.drafts) {
      push(this.#byCollection, draft.collection.name, draft)
      this.#byId.set(`${draft.collection.name} ${draft.id}`, draft)
      for (const parent of linksOf(draft).values()) push(this.#children, parent, draft)
    }
  }

  /** In file order. */
  all(collection: CollectionName): readonly Draft[] {
    return this.#byCollection.get(collection) ?? []
  }

  /** Those that refer to it. */
  childrenOf(draft: Draft): readonly Draft[] {
    return this.#children.get(draft) ?? []
  }

  byId(collection: CollectionName, id: string): Draft | undefined {
    return this.#byId.get(`${collection} ${id}`)
  }

  /** For a use of a plugin. */
  specOf({ fields }: Draft): PluginSpec | undefined {
    return this.#plugins.spec(String(fields.name))
  }

  /** Makes a table of positions at the first call, so it is for what has been found alone. */
  placeOf({ path }: Draft): Place {
    const [problem] = this.config.origin.problemsOf([{ path, message: '' }])
    const { line = 0, column = 0 } = problem ?? {}
    return { file: this.file, line, column, path: formatPath(path) }
  }

  /** `route 'orders'`, `plugin key-auth on route 'orders'`, `the route at routes[3]` */
  titleOf(draft: Draft): string {
    const { collection, fields, path } = draft
    const noun = NOUNS[collection.name]
    if (collection.name === 'plugins') {
      return `${noun} ${String(fields.name)} ${this.#scopeTitle(draft)}`
    }
    const name = NAMES[collection.name]
      ?.map((field) => fields[field])
      .find((value) => typeof value === 'string')
    const owner = linkOf(draft, 'consumer') ?? linkOf(draft, 'upstream')
    const of = owner === null ? '' : ` of ${this.titleOf(owner)}`
    if (name !== undefined) return `${noun} '${name}'${of}`
    return of === '' ? `the ${noun} at ${formatPath(path)}` : `${noun}${of}`
  }

  #scopeTitle(draft: Draft): string {
    const scopes = ['route', 'service', 'consumer'].flatMap((field) => {
      const scope = linkOf(draft, field)
      return scope === null ? [] : [this.titleOf(scope)]
    })
    return scopes.length === 0 ? 'for all requests' : `on ${scopes.join(' and ')}`
  }
}

/** What that field refers to. */
export function linkOf({ references }: Draft, field: string): Draft | null {
  const reference = references.get(field) ?? null
  return reference?.kind === 'resolved' ? reference.draft : null
}

export function linksOf(draft: Draft): ReadonlyMap<string, Draft> {
  const links = new Map<string, Draft>()
  for (const field of draft.references.keys()) {
    const target = linkOf(draft, field)
    if (target !== null) links.set(field, target)
  }
  return links
}

/** Adds to the list under a key. */
export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
