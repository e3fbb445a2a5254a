// The entities of a declarative file once it has been checked: defaults filled in, references resolved, frozen.
// Field names are Kong's. What each field means and may hold stands in schemas/, from which these types are derived.
import type { consumerSchema } from '../../schemas/consumer.js'
import type { pluginSchema } from '../../schemas/plugin.js'
import type { routeSchema } from '../../schemas/route.js'
import type { serviceSchema } from '../../schemas/service.js'
import type { targetSchema } from '../../schemas/target.js'
import type { ConfigOf, JSONSchema } from '../../schemas/types.js'
import type { upstreamSchema } from '../../schemas/upstream.js'

export interface Entity {
  /** UUID: the file's own, or Kong's deterministic one. */
  readonly id: string
  readonly tags: readonly string[] | null
  /** Unix seconds. */
  readonly created_at: number
}

/** What a schema describes, less what every entity has and what this gateway has no use for. */
type Fields<S extends JSONSchema, Unused extends string = never> = Omit<
  ConfigOf<S>,
  keyof Entity | 'updated_at' | Unused
>

export type HttpProtocol = 'http' | 'https' | 'grpc' | 'grpcs'
export type StreamProtocol = 'tcp' | 'tls' | 'tls_passthrough' | 'udp'
export type Protocol = HttpProtocol | StreamProtocol

export interface Service extends Entity, Fields<typeof serviceSchema> {
  /** What to show to the target; by id alone, so that no private key travels with a service. */
  readonly client_certificate: { readonly id: string } | null
}

// Stream proxying alone looks at addresses.
export interface Route extends Entity, Fields<typeof routeSchema, 'sources' | 'destinations'> {
  readonly service: Service | null
  /** In flavour expressions alone; null for a route that is written in the classic way. */
  readonly expression?: string | null
  readonly priority?: number
}

export interface Upstream extends Entity, Fields<typeof upstreamSchema> {
  /** What to show to targets of services that have none of their own; by id alone, as with services. */
  readonly client_certificate: { readonly id: string } | null
}

export interface Target extends Entity, Fields<typeof targetSchema> {
  readonly upstream: Upstream
}

export interface Consumer extends Entity, Fields<typeof consumerSchema> {}

/**
 * What a request was authenticated by: a credential of the file, or one that a plugin has made up for a caller whom another
 * server vouches for, perhaps without a consumer (Kong: a virtual credential).
 */
export interface CallerCredential {
  readonly id: string
  readonly consumer: Consumer | null
  readonly [field: string]: unknown
}

/** One entry of a collection that a plugin looks things up in, such as keyauth_credentials. */
export interface Credential extends Entity {
  readonly consumer: Consumer
  /** Absolute time of expiry, Unix seconds (in a declarative file `ttl` is that); null for never. */
  readonly ttl: number | null
  /** The collection's own fields: `key`, `secret`, `group` ... */
  readonly [field: string]: unknown
}

/** One configured use of a plugin, with the scope that it applies to. */
export interface PluginEntry extends Entity, Fields<typeof pluginSchema, 'config'> {
  readonly route: Route | null
  readonly service: Service | null
  readonly consumer: Consumer | null
  /** Complete: the plugin's schema has been applied. */
  readonly config: object
}

/** A certificate as clients and targets see it, references to secrets resolved. It stays out of the snapshot, which others see. */
export interface ServedCertificate {
  readonly id: string
  /** Where it stands in the file, for messages: `certificates[0]`. */
  readonly place: string
  /** PEM, the chain included. */
  readonly cert: string
  readonly key: string
  /** A second pair with another kind of key; both null without. */
  readonly cert_alt: string | null
  readonly key_alt: string | null
  /** The SNIs that it is shown for; may begin or end with a wildcard. */
  readonly names: readonly string[]
}
