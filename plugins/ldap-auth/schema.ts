// Configuration of ldap-auth.
import { authFields } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'ldap_host',
    'ldap_port',
    'ldaps',
    'start_tls',
    'verify_ldap_host',
    'base_dn',
    'attribute',
    'cache_ttl',
    'hide_credentials',
  ],
  properties: {
    ldap_host: {
      type: 'string',
      minLength: 1,
      format: 'host',
      description: 'Name or address of the LDAP server.',
    },
    ldap_port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 389,
      description: 'Port of the LDAP server.',
    },
    ldaps: {
      type: 'boolean',
      default: false,
      description: 'Connect with TLS; not with start_tls.',
    },
    start_tls: {
      type: 'boolean',
      default: false,
      description: 'Connect in plain text and ask for TLS with StartTLS; not with ldaps.',
    },
    verify_ldap_host: {
      type: 'boolean',
      default: false,
      description: 'Refuse a certificate of the LDAP server that does not verify.',
    },
    base_dn: {
      type: 'string',
      minLength: 1,
      description: 'Entry below which users are, such as `ou=users,dc=example,dc=com`.',
    },
    attribute: {
      type: 'string',
      minLength: 1,
      description: 'Attribute that holds the name of a user, such as `cn`.',
    },
    cache_ttl: {
      type: 'number',
      default: 60,
      description: 'Seconds for which the answer of the LDAP server is kept.',
    },
    hide_credentials: authFields.hide_credentials,
    timeout: {
      type: 'number',
      default: 10_000,
      description: 'Time to wait for the LDAP server, in milliseconds.',
    },
    keepalive: {
      type: 'number',
      default: 60_000,
      description: 'Time for which an idle connection is kept, in milliseconds.',
    },
    anonymous: authFields.anonymous,
    header_type: {
      type: 'string',
      minLength: 1,
      default: 'ldap',
      description: 'Scheme of the Authorization header, such as `basic`.',
    },
    realm: authFields.realm,
  },
} as const
