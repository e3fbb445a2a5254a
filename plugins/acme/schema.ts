// Configuration of acme.
import { redisRecord } from 'gw/plugin'

const text = { type: 'string', minLength: 1 } as const

const host = { ...text, format: 'host' } as const
const port = { type: 'integer', minimum: 0, maximum: 65535 } as const

const shm = {
  type: 'object',
  additionalProperties: false,
  properties: {
    shm_name: { ...text, default: 'kong', description: 'Name of the shared memory zone.' },
  },
  default: {},
} as const

const kong = { type: 'object', additionalProperties: false, properties: {}, default: {} } as const

const redis = {
  ...redisRecord,
  required: ['extra_options'],
  properties: {
    ...redisRecord.properties,
    extra_options: {
      type: 'object',
      additionalProperties: false,
      required: ['namespace'],
      properties: {
        namespace: {
          type: 'string',
          default: '',
          description: 'Text that the key of every entry begins with.',
        },
        scan_count: {
          type: 'number',
          default: 10,
          description: 'Keys that one SCAN call may return.',
        },
      },
      default: {},
      description: 'Settings of this plugin alone.',
    },
    auth: { ...oldName('password'), type: 'string' },
    ssl_server_name: { ...oldName('server_name'), type: 'string' },
    namespace: { ...oldName('extra_options.namespace'), type: 'string' },
    scan_count: { ...oldName('extra_options.scan_count'), type: 'integer' },
  },
} as const

const consul = {
  type: 'object',
  additionalProperties: false,
  properties: {
    https: { type: 'boolean', default: false, description: 'Connect with TLS.' },
    host: { ...host, description: 'Name or address of the server.' },
    port: { ...port, description: 'Port of the server.' },
    kv_path: { ...text, description: 'Path below which entries are kept.' },
    timeout: { type: 'number', description: 'Time to wait for the server, in milliseconds.' },
    token: { ...text, referenceable: true, description: 'Token of the server.' },
  },
  default: {},
} as const

const vault = {
  ...consul,
  properties: {
    ...consul.properties,
    tls_verify: {
      type: 'boolean',
      default: true,
      description: 'Refuse a certificate of the server that does not verify.',
    },
    tls_server_name: { ...text, description: 'Name for SNI; the host when left out.' },
    auth_method: {
      type: 'string',
      enum: ['token', 'kubernetes'],
      default: 'token',
      description: 'How the gateway proves itself to the server.',
    },
    auth_path: { ...text, description: 'Path of the kubernetes method.' },
    auth_role: { ...text, description: 'Role that the kubernetes method asks for.' },
    jwt_path: { ...text, description: 'File that holds the token for the kubernetes method.' },
  },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['account_email', 'storage_config'],
  properties: {
    account_email: {
      ...text,
      // Kong asks for no more than this.
      pattern: '@',
      referenceable: true,
      description: 'Mail address of the account at the certificate authority.',
    },
    account_key: {
      type: 'object',
      additionalProperties: false,
      required: ['key_id'],
      properties: {
        key_id: { ...text, description: 'The kid of the key.' },
        key_set: { ...text, description: 'Name or id of the key set that the key is in.' },
      },
      description: 'Private key of the account; a new one is made when left out.',
    },
    api_uri: {
      ...text,
      format: 'url',
      default: 'https://acme-v02.api.letsencrypt.org/directory',
      description: 'URL of the directory of the certificate authority.',
    },
    tos_accepted: {
      type: 'boolean',
      default: false,
      description: 'You accept the terms of service of the certificate authority.',
    },
    eab_kid: {
      ...text,
      referenceable: true,
      description: 'Id of the key for external account binding (RFC 8555, 7.3.4).',
    },
    eab_hmac_key: {
      ...text,
      referenceable: true,
      description: 'Key for external account binding, in base64url.',
    },
    cert_type: {
      type: 'string',
      enum: ['rsa', 'ecc'],
      default: 'rsa',
      description: 'Kind of key that certificates are made for.',
    },
    rsa_key_size: {
      type: 'number',
      enum: [2048, 3072, 4096],
      default: 4096,
      description: 'Size of an RSA key, in bits.',
    },
    renew_threshold_days: {
      type: 'number',
      default: 14,
      description: 'Days before its end that a certificate is renewed.',
    },
    domains: {
      type: 'array',
      items: { ...text, format: 'route-host' },
      description: 'Hosts that certificates are made for; `*` stands for one label.',
    },
    allow_any_domain: {
      type: 'boolean',
      default: false,
      description: 'Make certificates for every host, whatever domains says.',
    },
    fail_backoff_minutes: {
      type: 'number',
      default: 5,
      description: 'Minutes to wait after a certificate could not be had.',
    },
    storage: {
      type: 'string',
      enum: ['kong', 'shm', 'redis', 'consul', 'vault'],
      default: 'shm',
      description: 'Where certificates and challenges are kept; kong asks for a database.',
    },
    storage_config: {
      type: 'object',
      additionalProperties: false,
      required: ['shm', 'kong', 'redis', 'consul', 'vault'],
      properties: {
        shm: { ...shm, description: 'Settings of the storage shm.' },
        kong: { ...kong, description: 'Settings of the storage kong; there are none.' },
        redis: { ...redis, description: 'Redis server of the storage redis.' },
        consul: { ...consul, description: 'Consul server of the storage consul.' },
        vault: { ...vault, description: 'Vault server of the storage vault.' },
      },
      default: {},
      description: 'Settings of each kind of storage.',
    },
    preferred_chain: {
      ...text,
      description: 'Common name of the issuer whose chain is taken when there are several.',
    },
    enable_ipv4_common_name: {
      type: 'boolean',
      default: true,
      description: 'Make certificates for IPv4 addresses as well as for names.',
    },
  },
} as const

function oldName(field: string) {
  return {
    deprecated: true,
    replacedBy: field,
    description: `Old name of \`${field}\`.`,
  } as const
}
