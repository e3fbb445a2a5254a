// The table of entities that a declarative file may hold: one row each, with its schema and how it hangs together
// with the others. A new kind of entity is a schema in schemas/ and a row here.
import { aclSchema } from '../../schemas/acl.js'
import { basicauthCredentialSchema } from '../../schemas/basicauth-credential.js'
import { consumerSchema } from '../../schemas/consumer.js'
import { hmacauthCredentialSchema } from '../../schemas/hmacauth-credential.js'
import { jwtSecretSchema } from '../../schemas/jwt-secret.js'
import { keyauthCredentialSchema } from '../../schemas/keyauth-credential.js'
import { oauth2CredentialSchema } from '../../schemas/oauth2-credential.js'
import { pluginSchema } from '../../schemas/plugin.js'
import { routeSchema } from '../../schemas/route.js'
import { serviceSchema } from '../../schemas/service.js'
import { serviceUrlSchema } from '../../schemas/service-url.js'
import { targetSchema } from '../../schemas/target.js'
import type { JSONSchema } from '../../schemas/types.js'
import { upstreamSchema } from '../../schemas/upstream.js'
import { checkConsumer } from './consumers.js'
import type { Report } from './faults.js'
import { checkJwtSecret } from './jwt-secrets.js'
import { checkRoute, readRoute } from './routes.js'
import { checkService, readService } from './services.js'
import { checkUpstream, readUpstream } from './upstreams.js'

export const FORMAT_VERSIONS: readonly string[] = ['1.1', '2.1', '3.0']

export type CollectionName =
  | 'services'
  | 'routes'
  | 'consumers'
  | 'plugins'
  | 'upstreams'
  | 'targets'
  | 'keyauth_credentials'
  | 'basicauth_credentials'
  | 'hmacauth_credentials'
  | 'jwt_secrets'
  | 'oauth2_credentials'
  | 'acls'

/** What an entity says of itself, on its way to being complete. */
export type Fields = Record<string, unknown>

/** A field that stands for others, as `url` does. */
export interface Shorthand {
  readonly schema: JSONSchema
  /** Required fields that need not be there beside it. */
  readonly replaces: readonly string[]
}

export interface Collection {
  readonly name: CollectionName
  readonly schema: JSONSchema
  /** The field that a reference by name looks in; null when only the id will do. */
  readonly endpointKey: string | null
  /** Fields whose value may be there only once. */
  readonly unique: readonly string[]
  /** Fields that refer to another entity, with its collection: where it may be nested. */
  readonly references: Readonly<Record<string, CollectionName>>
  /** Those of the references that must be there. */
  readonly requiredReferences: readonly string[]
  /**
   * What an id that is left out is made of. `name`: that field's text. A list: these fields and references together.
   * Null: ids are random, new at every load, as Kong's are.
   */
  readonly identity: string | readonly string[] | null
  /** Fields that are made up when they are left out, new at every load. */
  readonly generated: readonly string[]
  /** Whether entries prove who somebody is; then not even their names may be shown. */
  readonly isCredential: boolean
  readonly shorthands: Readonly<Record<string, Shorthand>>
  /**
   * Before the schema is applied: resolves shorthands, fills in what depends on other fields.
   * @returns false when nothing more can be said about the entity
   */
  read?(fields: Fields, report: Report): boolean
  /** After the schema was applied, and even if it was broken: rules across fields. Types are not to be trusted. */
  check?(fields: Fields, report: Report): void
}

const plain = {
  endpointKey: null,
  unique: [],
  references: {},
  requiredReferences: [],
  identity: null,
  generated: [],
  isCredential: false,
  shorthands: {},
} as const

const credential = {
  ...plain,
  references: { consumer: 'consumers' },
  requiredReferences: ['consumer'],
  isCredential: true,
} as const

const table: Readonly<Record<CollectionName, Collection>> = {
  services: {
    ...plain,
    name: 'services',
    schema: serviceSchema,
    endpointKey: 'name',
    unique: ['name'],
    identity: 'name',
    shorthands: { url: { schema: serviceUrlSchema, replaces: ['host'] } },
    read: readService,
    check: checkService,
  },
  routes: {
    ...plain,
    name: 'routes',
    schema: routeSchema,
    endpointKey: 'name',
    unique: ['name'],
    references: { service: 'services' },
    identity: 'name',
    read: readRoute,
    check: checkRoute,
  },
  consumers: {
    ...plain,
    name: 'consumers',
    schema: consumerSchema,
    endpointKey: 'username',
    unique: ['username', 'custom_id'],
    identity: 'username',
    check: checkConsumer,
  },
  plugins: {
    ...plain,
    name: 'plugins',
    schema: pluginSchema,
    endpointKey: 'instance_name',
    unique: ['instance_name'],
    references: { route: 'routes', service: 'services', consumer: 'consumers' },
    identity: ['name', 'route', 'service', 'consumer'],
  },
  upstreams: {
    ...plain,
    name: 'upstreams',
    schema: upstreamSchema,
    endpointKey: 'name',
    unique: ['name'],
    identity: 'name',
    read: readUpstream,
    check: checkUpstream,
  },
  targets: {
    ...plain,
    name: 'targets',
    schema: targetSchema,
    references: { upstream: 'upstreams' },
    requiredReferences: ['upstream'],
    identity: ['upstream', 'target'],
  },
  keyauth_credentials: {
    ...credential,
    name: 'keyauth_credentials',
    schema: keyauthCredentialSchema,
    endpointKey: 'key',
    unique: ['key'],
    generated: ['key'],
  },
  basicauth_credentials: {
    ...credential,
    name: 'basicauth_credentials',
    schema: basicauthCredentialSchema,
    endpointKey: 'username',
    unique: ['username'],
    identity: ['username'],
  },
  hmacauth_credentials: {
    ...credential,
    name: 'hmacauth_credentials',
    schema: hmacauthCredentialSchema,
    endpointKey: 'username',
    unique: ['username'],
    identity: ['username'],
    generated: ['secret'],
  },
  jwt_secrets: {
    ...credential,
    name: 'jwt_secrets',
    schema: jwtSecretSchema,
    endpointKey: 'key',
    unique: ['key'],
    generated: ['key', 'secret'],
    check: checkJwtSecret,
  },
  oauth2_credentials: {
    ...credential,
    name: 'oauth2_credentials',
    schema: oauth2CredentialSchema,
    endpointKey: 'client_id',
    unique: ['client_id'],
    generated: ['client_id', 'client_secret'],
  },
  acls: {
    ...credential,
    name: 'acls',
    schema: aclSchema,
    identity: ['consumer', 'group'],
  },
}

export const COLLECTIONS: readonly Collection[] = Object.values(table)

export function collectionOf(name: string): Collection | undefined {
  return Object.hasOwn(table, name) ? table[name as CollectionName] : undefined
}

const children = new Map<CollectionName, ReadonlyMap<string, string>>()

/** The collections that may be nested in an entity of that one, each with the field that then names the parent. */
export function childrenOf(parent: CollectionName): ReadonlyMap<string, string> {
  const known = children.get(parent)
  if (known !== undefined) return known
  const found = new Map<string, string>()
  for (const { name, references } of COLLECTIONS) {
    for (const [field, target] of Object.entries(references)) {
      if (target === parent) found.set(name, field)
    }
  }
  children.set(parent, found)
  return found
}
