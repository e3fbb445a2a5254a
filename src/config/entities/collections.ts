// The table of entities that a declarative file may hold: one row each, with its schema and how it hangs together
// with the others. A new kind of entity is a schema in schemas/ and a row here.
import { aclSchema } from '../../../schemas/acl.js'
import { basicauthCredentialSchema } from '../../../schemas/basicauth-credential.js'
import { caCertificateSchema } from '../../../schemas/ca-certificate.js'
import { certificateSchema } from '../../../schemas/certificate.js'
import { consumerSchema } from '../../../schemas/consumer.js'
import { hmacauthCredentialSchema } from '../../../schemas/hmacauth-credential.js'
import { jwtSecretSchema } from '../../../schemas/jwt-secret.js'
import { keySchema } from '../../../schemas/key.js'
import { keySetSchema } from '../../../schemas/key-set.js'
import { keyauthCredentialSchema } from '../../../schemas/keyauth-credential.js'
import { keyauthEncCredentialSchema } from '../../../schemas/keyauth-enc-credential.js'
import { oauth2CredentialSchema } from '../../../schemas/oauth2-credential.js'
import { oauth2AuthorizationCodeSchema, oauth2TokenSchema } from '../../../schemas/oauth2-token.js'
import { pluginSchema } from '../../../schemas/plugin.js'
import { expressionRouteSchema, routeSchema } from '../../../schemas/route.js'
import { serviceSchema } from '../../../schemas/service.js'
import { serviceUrlSchema } from '../../../schemas/service-url.js'
import { sniSchema } from '../../../schemas/sni.js'
import { targetSchema } from '../../../schemas/target.js'
import { upstreamSchema } from '../../../schemas/upstream.js'
import { vaultSchema } from '../../../schemas/vault.js'
import { checkCaCertificate, checkCertificate, readCaCertificate } from './certificates.js'
import type { Collection, CollectionName } from './collection.js'
import { hashPassword } from './basicauth-credentials.js'
import { checkConsumer } from './consumers.js'
import { checkJwtSecret } from './jwt-secrets.js'
import { readHashedKey } from './keyauth-enc-credentials.js'
import { checkKey, checkVault, readVault } from './keys.js'
import { hashClientSecret } from './oauth2-credentials.js'
import { checkRoute, readRoute } from './routes.js'
import { checkService, readService } from './services.js'
import { checkUpstream, readUpstream } from './upstreams.js'

export const FORMAT_VERSIONS: readonly string[] = ['1.1', '2.1', '3.0']

const plain = {
  endpointKey: null,
  unique: [],
  references: {},
  requiredReferences: [],
  identity: null,
  generated: [],
  plugin: null,
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
    references: { client_certificate: 'certificates' },
    identity: 'name',
    shorthands: { url: { schema: serviceUrlSchema, replaces: ['host'] } },
    read: readService,
    check: checkService,
  },
  routes: {
    ...plain,
    name: 'routes',
    schema: routeSchema,
    expressionSchema: expressionRouteSchema,
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
    references: { client_certificate: 'certificates' },
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
  certificates: {
    ...plain,
    name: 'certificates',
    schema: certificateSchema,
    check: checkCertificate,
  },
  snis: {
    ...plain,
    name: 'snis',
    schema: sniSchema,
    endpointKey: 'name',
    unique: ['name'],
    references: { certificate: 'certificates' },
    requiredReferences: ['certificate'],
    identity: 'name',
  },
  ca_certificates: {
    ...plain,
    name: 'ca_certificates',
    schema: caCertificateSchema,
    unique: ['cert_digest'],
    read: readCaCertificate,
    check: checkCaCertificate,
  },
  vaults: {
    ...plain,
    name: 'vaults',
    schema: vaultSchema,
    endpointKey: 'prefix',
    unique: ['prefix'],
    identity: ['prefix'],
    read: readVault,
    check: checkVault,
  },
  keys: {
    ...plain,
    name: 'keys',
    schema: keySchema,
    endpointKey: 'name',
    unique: ['name'],
    references: { set: 'key_sets' },
    identity: ['kid', 'set'],
    check: checkKey,
  },
  key_sets: {
    ...plain,
    name: 'key_sets',
    schema: keySetSchema,
    endpointKey: 'name',
    unique: ['name'],
    identity: 'name',
  },
  keyauth_credentials: {
    ...credential,
    name: 'keyauth_credentials',
    plugin: 'key-auth',
    schema: keyauthCredentialSchema,
    endpointKey: 'key',
    unique: ['key'],
    generated: ['key'],
  },
  keyauth_enc_credentials: {
    ...credential,
    name: 'keyauth_enc_credentials',
    plugin: 'key-auth-enc',
    schema: keyauthEncCredentialSchema,
    endpointKey: 'key',
    unique: ['key'],
    generated: ['key'],
    read: readHashedKey,
  },
  basicauth_credentials: {
    ...credential,
    name: 'basicauth_credentials',
    plugin: 'basic-auth',
    transform: hashPassword,
    schema: basicauthCredentialSchema,
    endpointKey: 'username',
    unique: ['username'],
    identity: ['username'],
  },
  hmacauth_credentials: {
    ...credential,
    name: 'hmacauth_credentials',
    plugin: 'hmac-auth',
    schema: hmacauthCredentialSchema,
    endpointKey: 'username',
    unique: ['username'],
    identity: ['username'],
    generated: ['secret'],
  },
  jwt_secrets: {
    ...credential,
    name: 'jwt_secrets',
    plugin: 'jwt',
    schema: jwtSecretSchema,
    endpointKey: 'key',
    unique: ['key'],
    generated: ['key', 'secret'],
    check: checkJwtSecret,
  },
  oauth2_credentials: {
    ...credential,
    name: 'oauth2_credentials',
    plugin: 'oauth2',
    schema: oauth2CredentialSchema,
    endpointKey: 'client_id',
    unique: ['client_id'],
    generated: ['client_id', 'client_secret'],
    transform: hashClientSecret,
  },
  oauth2_tokens: {
    ...plain,
    name: 'oauth2_tokens',
    plugin: 'oauth2',
    schema: oauth2TokenSchema,
    endpointKey: 'access_token',
    unique: ['access_token', 'refresh_token'],
    references: { service: 'services', credential: 'oauth2_credentials' },
    requiredReferences: ['credential'],
    generated: ['access_token'],
  },
  oauth2_authorization_codes: {
    ...plain,
    name: 'oauth2_authorization_codes',
    plugin: 'oauth2',
    schema: oauth2AuthorizationCodeSchema,
    unique: ['code'],
    references: { service: 'services', credential: 'oauth2_credentials', plugin: 'plugins' },
    requiredReferences: ['credential'],
    generated: ['code'],
  },
  acls: {
    ...credential,
    name: 'acls',
    plugin: 'acl',
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
