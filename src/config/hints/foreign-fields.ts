// Fields that other versions of Kong, its Enterprise edition or decK know: what they are and what to write instead.
import type { CollectionName } from '../entities/collection.js'
import type { Clue } from './clue.js'

type Hints = Readonly<Record<string, string>>

const ENTERPRISE = 'Kong Enterprise only'
const enterprise = (wayOut: string) => `${ENTERPRISE}: ${wayOut}`
const deck = (wayOut: string) => `a key of decK, not of Kong: ${wayOut}`
const KUBERNETES =
  'this looks like a Kubernetes manifest; the gateway reads the file that is in its data'
const NO_GROUPS = enterprise('give each consumer what its group has; acls can group consumers')

/** Above all entities. */
const TOP_LEVEL: Hints = {
  _info: deck(
    'write its select_tags into the tags of each entity, its defaults into each, and remove it',
  ),
  _workspace: deck('it names a workspace of Kong Enterprise; remove it'),
  _konnect: deck('it names a control plane of Konnect; remove it'),
  _plugin_configs: deck(
    'write each into the config of the plugins that name it, or use YAML anchors',
  ),
  consumer_groups: NO_GROUPS,
  consumer_group_consumers: NO_GROUPS,
  consumer_group_plugins: NO_GROUPS,
  partials: enterprise('write the partial into the config of the plugins that name it'),
  workspaces: enterprise('remove it; one file is one workspace'),
  rbac_users: enterprise('there are no users to manage here; remove it'),
  rbac_roles: enterprise('there are no users to manage here; remove it'),
  rbac_user_roles: enterprise('there are no users to manage here; remove it'),
  rbac_role_entities: enterprise('there are no users to manage here; remove it'),
  rbac_role_endpoints: enterprise('there are no users to manage here; remove it'),
  rbac_endpoint_permissions: enterprise('there are no users to manage here; remove it'),
  admins: enterprise('there are no users to manage here; remove it'),
  developers: enterprise('there is no developer portal here; remove it'),
  files: enterprise('there is no developer portal here; remove it'),
  document_objects: enterprise('there is no developer portal here; remove it'),
  applications: enterprise('there is no developer portal here; remove it'),
  application_instances: enterprise('there is no developer portal here; remove it'),
  event_hooks: enterprise('remove it'),
  licenses: enterprise('remove it'),
  custom_plugins: enterprise('put the plugin into the folder that GW_PLUGIN_PATH names'),
  mtls_auth_credentials: enterprise('remove it'),
  degraphql_routes: enterprise('remove it'),
  filter_chains: 'WebAssembly filters cannot be run here; remove it',
  apis: 'from Kong before 1.0: an API is now a service with routes (hosts, uris -> paths, upstream_url -> url)',
  global_plugins: 'global plugins stand under plugins, without a service, route or consumer',
  consumer_plugins: 'write them under plugins, each with its consumer',
  service_plugins: 'write them under plugins, each with its service',
  route_plugins: 'write them under plugins, each with its route',
  version: 'the version of the format is _format_version: "3.0"',
  apiVersion: KUBERNETES,
  kind: KUBERNETES,
  metadata: KUBERNETES,
}

const ANY_ENTITY: Hints = {
  workspace: enterprise('remove it'),
  workspace_id: enterprise('remove it'),
  ws_id: enterprise('remove it'),
  partials: TOP_LEVEL.partials ?? '',
  consumer_group: NO_GROUPS,
  consumer_groups: NO_GROUPS,
  groups: NO_GROUPS,
  service_id: 'from Kong before 1.0: write service: NAME',
  route_id: 'from Kong before 1.0: write route: NAME',
  consumer_id: 'from Kong before 1.0: write consumer: NAME',
  upstream_id: 'from Kong before 1.0: write upstream: NAME',
  api: 'from Kong before 1.0: name a service or a route instead',
  api_id: 'from Kong before 1.0: name a service or a route instead',
  run_on: 'removed in Kong 2.0: remove it',
}

const ROUTE_OF_OLD: Hints = {
  uris: 'from Kong before 1.0: write paths',
  strip_uri: 'from Kong before 1.0: write strip_path',
  request_host: 'from Kong before 1.0: write hosts',
  request_path: 'from Kong before 1.0: write paths',
  strip_request_path: 'from Kong before 1.0: write strip_path',
  https_only: 'from Kong before 1.0: write protocols: [https]',
  http_if_terminated: 'from Kong before 1.0: set trusted_ips of the gateway',
}

const BY_COLLECTION: Partial<Record<CollectionName, Hints>> = {
  services: {
    upstream_url: 'from Kong before 1.0: write url',
    upstream_connect_timeout: 'from Kong before 1.0: write connect_timeout',
    upstream_send_timeout: 'from Kong before 1.0: write write_timeout',
    upstream_read_timeout: 'from Kong before 1.0: write read_timeout',
    timeout: 'there is one for each step: connect_timeout, write_timeout, read_timeout',
    upstream: 'to send to an upstream, write its name as host',
    tls_sans: enterprise('remove it'),
  },
  routes: {
    ...ROUTE_OF_OLD,
    expression: 'only for routers of the flavour expressions',
    priority:
      'only for routers of the flavour expressions; regex_priority orders regular expressions',
  },
  consumers: {
    credentials:
      'each kind has its list, such as keyauth_credentials, jwt_secrets, basicauth_credentials',
    custom_fields: 'remove it',
    password: 'passwords belong to basicauth_credentials',
  },
  upstreams: {
    orderlist: 'removed in Kong 1.0: remove it',
    sticky_sessions_cookie: enterprise('hash_on: cookie'),
  },
  plugins: {
    _config: deck('write into config what _plugin_configs has under that name'),
    ordering: enterprise('plugins run in the order of their priority; remove it'),
    condition: enterprise('remove it'),
  },
}

const ANY_CONFIG: Hints = {
  whitelist: 'removed in Kong 3.0: write allow',
  blacklist: 'removed in Kong 3.0: write deny',
  include_consumer_groups: enterprise('remove it'),
}

const BY_PLUGIN: Readonly<Record<string, Hints>> = {
  'key-auth': { identity_realms: enterprise('keys of Konnect; remove it') },
  cors: { allow_origin_absent: 'of a later Kong: remove it' },
  'pre-function': { functions: 'removed in Kong 3.0: write access' },
  'post-function': { functions: 'removed in Kong 3.0: write access' },
  oauth2: { persistent_refresh_token: 'write reuse_refresh_token' },
}

export function hintOnForeignField({ message, entity, within, path }: Clue): string | undefined {
  if (message !== 'unknown field') return undefined
  const name = String(path.at(-1))
  if (entity === null) return path.length === 1 ? own(TOP_LEVEL, name) : undefined
  const collection = entity.collection.name
  if (within.length === 1) {
    return own(BY_COLLECTION[collection], name) ?? own(ANY_ENTITY, name) ?? enterpriseList(name)
  }
  if (collection !== 'plugins' || within.length !== 2 || within[0] !== 'config') return undefined
  const plugin = String(entity.fields.name)
  if (/^(?:pre|post)-function$/.test(plugin) && name.startsWith('ws_')) {
    return enterprise('remove it')
  }
  return own(BY_PLUGIN[plugin], name) ?? own(ANY_CONFIG, name)
}

/** Lists that would stand at the top level are often nested. */
function enterpriseList(name: string): string | undefined {
  const hint = own(TOP_LEVEL, name)
  return hint?.startsWith(ENTERPRISE) === true ? hint : undefined
}

function own(hints: Hints | undefined, name: string): string | undefined {
  return hints !== undefined && Object.hasOwn(hints, name) ? hints[name] : undefined
}
