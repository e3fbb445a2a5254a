// Everything that a declarative file says, indexed for the questions a request asks. Look-ups, no decisions.
import type {
  Consumer,
  Credential,
  PluginEntry,
  Route,
  Service,
  Target,
  Upstream,
} from './entities.js'

/** What names one consumer. */
export type ConsumerField = 'id' | 'username' | 'custom_id'

/** What plugins may ask of the configuration that their request began under. */
export interface Store {
  /** By id first, then by username, as Kong reads a plugin's `anonymous`. */
  consumer(idOrUsername: string): Consumer | undefined
  consumerBy(field: ConsumerField, value: string): Consumer | undefined
  /** The credential whose unique field (keyauth_credentials: `key`) has that value; expired ones included. */
  credential(collection: string, key: string): Credential | undefined
  /** All credentials of that collection that belong to the consumer (acls: its groups). */
  credentialsOf(collection: string, consumer: Consumer): readonly Credential[]
}

export interface Snapshot extends Store {
  /** md5 of the text, 32 hex digits, as Kong's configuration_hash; 32 zeros for an empty configuration. */
  readonly hash: string
  readonly services: readonly Service[]
  readonly routes: readonly Route[]
  readonly consumers: readonly Consumer[]
  readonly plugins: readonly PluginEntry[]
  readonly upstreams: readonly Upstream[]
  readonly targets: readonly Target[]
}
