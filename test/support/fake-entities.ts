// Entities and a store in memory, for tests that need some.
import { upstreamSchema } from '../../schemas/upstream.js'
import { checkSchema } from '../../src/config/schema-check.js'
import type {
  Consumer,
  Credential,
  Route,
  Service,
  Target,
  Upstream,
} from '../../src/model/entities.js'
import type { Store } from '../../src/model/snapshot.js'

export function fakeConsumer(fields: Partial<Consumer> & { readonly id: string }): Consumer {
  return { username: null, custom_id: null, tags: null, created_at: 0, ...fields }
}

export function fakeCredential(
  consumer: Consumer,
  fields: Partial<Credential> & { readonly id: string },
): Credential {
  return { consumer, ttl: null, tags: null, created_at: 0, ...fields }
}

export function fakeService(fields: Partial<Service> & { readonly id: string }): Service {
  return {
    name: null,
    protocol: 'http',
    host: 'target.test',
    port: 80,
    path: null,
    retries: 5,
    connect_timeout: 60_000,
    write_timeout: 60_000,
    read_timeout: 60_000,
    enabled: true,
    tls_verify: null,
    tls_verify_depth: null,
    ca_certificates: null,
    client_certificate: null,
    tags: null,
    created_at: 0,
    ...fields,
  }
}

export function fakeRoute(fields: Partial<Route> & { readonly id: string }): Route {
  return {
    name: null,
    service: null,
    protocols: ['http', 'https'],
    methods: null,
    hosts: null,
    paths: ['/'],
    headers: null,
    snis: null,
    regex_priority: 0,
    strip_path: true,
    path_handling: 'v0',
    preserve_host: false,
    https_redirect_status_code: 426,
    request_buffering: true,
    response_buffering: true,
    tags: null,
    created_at: 0,
    ...fields,
  }
}

/** With the defaults of the schema. */
export function fakeUpstream(fields: Partial<Upstream> & { readonly name: string }): Upstream {
  const full = { id: fields.name, created_at: 0, client_certificate: null, ...fields }
  checkSchema(upstreamSchema, full)
  return full as Upstream
}

export function fakeTarget(upstream: Upstream, target: string, weight = 100): Target {
  return { id: target, created_at: 0, tags: null, upstream, target, weight }
}

interface StoreContents {
  readonly consumers?: readonly Consumer[]
  /** By collection; the value that it is found by is its `key`, else its `username`. */
  readonly credentials?: Readonly<Record<string, readonly Credential[]>>
}

export function fakeStore({ consumers = [], credentials = {} }: StoreContents): Store {
  return {
    consumer: (wanted) =>
      consumers.find(({ id }) => id === wanted) ??
      consumers.find(({ username }) => username === wanted),
    consumerBy: (field, value) => consumers.find((consumer) => consumer[field] === value),
    credential: (collection, key) =>
      credentials[collection]?.find((one) => (one.key ?? one.username) === key),
    credentialsOf: (collection, { id }) =>
      credentials[collection]?.filter(({ consumer }) => consumer.id === id) ?? [],
  }
}
