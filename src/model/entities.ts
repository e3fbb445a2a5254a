// The entities of a declarative file once it has been checked: defaults filled in, references resolved, frozen.
// Field names are Kong's. What each field means and may hold stands in schemas/.

export interface Entity {
  /** UUID: the file's own, or Kong's deterministic one. */
  readonly id: string
  readonly tags: readonly string[] | null
  readonly created_at: number
}

export type HttpProtocol = 'http' | 'https' | 'grpc' | 'grpcs'
export type StreamProtocol = 'tcp' | 'tls' | 'tls_passthrough' | 'udp'
export type Protocol = HttpProtocol | StreamProtocol

export interface Service extends Entity {
  readonly name: string | null
  readonly protocol: Protocol
  readonly host: string
  readonly port: number
  readonly path: string | null
  /** Further tries after the first. */
  readonly retries: number
  /** Milliseconds, as the two below. */
  readonly connect_timeout: number
  readonly write_timeout: number
  readonly read_timeout: number
  readonly enabled: boolean
  readonly tls_verify: boolean | null
  readonly tls_verify_depth: number | null
  readonly ca_certificates: readonly string[] | null
}

export interface Route extends Entity {
  readonly name: string | null
  readonly service: Service | null
  readonly protocols: readonly Protocol[]
  readonly methods: readonly string[] | null
  readonly hosts: readonly string[] | null
  readonly paths: readonly string[] | null
  readonly headers: Readonly<Record<string, readonly string[]>> | null
  readonly snis: readonly string[] | null
  readonly regex_priority: number
  readonly strip_path: boolean
  readonly path_handling: 'v0' | 'v1'
  readonly preserve_host: boolean
  readonly https_redirect_status_code: 426 | 301 | 302 | 307 | 308
  readonly request_buffering: boolean
  readonly response_buffering: boolean
}

export interface Consumer extends Entity {
  readonly username: string | null
  readonly custom_id: string | null
}

/** One entry of a credential collection, such as keyauth_credentials. */
export interface Credential extends Entity {
  readonly consumer: Consumer
  /** Absolute time of expiry, Unix seconds (in a declarative file `ttl` is that); null for never. */
  readonly ttl: number | null
  /** The collection's own fields: `key`, `secret`, `group` ... */
  readonly [field: string]: unknown
}

/** One configured use of a plugin, with the scope that it applies to. */
export interface PluginEntry extends Entity {
  readonly name: string
  readonly instance_name: string | null
  readonly enabled: boolean
  readonly protocols: readonly Protocol[]
  readonly route: Route | null
  readonly service: Service | null
  readonly consumer: Consumer | null
  /** Complete: the plugin's schema has been applied. */
  readonly config: object
}
