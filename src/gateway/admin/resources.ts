// Under which paths the Admin API has each kind of entity.
import type { Collection, CollectionName } from '../../config/entities/collection.js'
import { childrenOf, collectionOf, COLLECTIONS } from '../../config/entities/collections.js'
import type { PluginLookup } from '../../config/plugin-lookup.js'

/** Where the path is not the name of the collection; the second is that below a consumer or another parent. */
const PATHS: Readonly<Partial<Record<CollectionName, readonly [own: string, nested: string]>>> = {
  keyauth_credentials: ['key-auths', 'key-auth'],
  keyauth_enc_credentials: ['key-auths-enc', 'key-auth-enc'],
  basicauth_credentials: ['basic-auths', 'basic-auth'],
  hmacauth_credentials: ['hmac-auths', 'hmac-auth'],
  jwt_secrets: ['jwts', 'jwt'],
  oauth2_credentials: ['oauth2', 'oauth2'],
  key_sets: ['key-sets', 'key-sets'],
}

export interface Resource {
  readonly collection: Collection
  /** `/services` */
  readonly path: string
  /** What may be nested in it, with its path below an entity and the field that names the parent. */
  readonly children: readonly ChildResource[]
}

export interface ChildResource {
  readonly collection: Collection
  readonly path: string
  readonly field: string
}

/** Those that the plugins at hand bring along, and those that are always there. */
export function resources(plugins: PluginLookup): readonly Resource[] {
  const isShown = ({ name, plugin }: Collection): boolean =>
    // Kong has no pages for codes, which live for a minute.
    name !== 'oauth2_authorization_codes' && (plugin === null || plugins.spec(plugin) !== undefined)
  return COLLECTIONS.filter(isShown).map((collection) => ({
    collection,
    path: `/${PATHS[collection.name]?.[0] ?? collection.name}`,
    children: [...childrenOf(collection.name)].flatMap(([name, field]) => {
      const child = collectionOf(name)
      if (child === undefined || !isShown(child)) return []
      return [{ collection: child, path: PATHS[child.name]?.[1] ?? child.name, field }]
    }),
  }))
}
