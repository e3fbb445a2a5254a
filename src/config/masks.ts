// Secrets of entities for those who may see the rest: what stands in their place, and that this is no secret itself.
import type { JSONSchema } from '../../schemas/types.js'
import { isVaultReference } from '../util/vault-reference.js'
import type { Draft } from './draft.js'
import type { Collection, CollectionName, Fields } from './entities/collection.js'
import { isSecret, type Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import type { PluginLookup } from './plugin-lookup.js'
import { isRecord } from './settle.js'

export const MASK = '******'

/**
 * Fields that are secret wherever they are set. The key of key-auth is not among them: Kong's lists have it, programs take
 * it from there, and it is what its pages are called by; key-auth-enc is for those who want it hidden.
 */
const SECRETS: Readonly<Partial<Record<CollectionName, readonly string[]>>> = {
  keyauth_enc_credentials: ['key'],
  basicauth_credentials: ['password'],
  hmacauth_credentials: ['secret'],
  jwt_secrets: ['secret'],
  oauth2_credentials: ['client_secret'],
  oauth2_tokens: ['access_token', 'refresh_token'],
  oauth2_authorization_codes: ['code'],
  certificates: ['key', 'key_alt'],
  keys: ['jwk', 'pem.private_key'],
}

/** What only a private key has (RFC 7518, 6): d, or k of a symmetric one. */
const PRIVATE_JWK = /"[dk]"\s*:/
const URL_WITHOUT_USER = /^[a-z]+:\/\/[^/?#@]*(?:[/?#]|$)/i
/** `https://user:password@host` */
const USER_IN_URL = /(\/\/)[^/?#\s]*@/g
/** `Authorization: Basic ...`, as lists of headers to add have it; also `name=value`. */
const NAMED_VALUE = /^([\w.-]+)(\s*[:=]\s*)(?=.)/s
/** Lists of headers or maps of them, where a plugin adds some. */
const HEADER_LISTS: ReadonlySet<string> = new Set(['headers'])
const NAMED_MASK = /[:=]\s*\*{6}$/

export function isSecretField(collection: string, field: string): boolean {
  return SECRETS[collection as CollectionName]?.includes(field) ?? false
}

/** Puts masks into a copy of an entity, which may share what it holds with others. */
export function maskSecrets(
  { collection }: Pick<Draft, 'collection'>,
  entity: Fields,
  plugins: PluginLookup,
): void {
  for (const path of SECRETS[collection.name] ?? []) {
    const [field = '', inner] = path.split('.')
    const value = entity[field]
    if (inner === undefined) entity[field] = masked(value, field)
    else if (isRecord(value)) entity[field] = { ...value, [inner]: masked(value[inner], inner) }
  }
  if (collection.name !== 'plugins' || !isRecord(entity.config)) return
  const schema = plugins.spec(String(entity.name))?.schema ?? {}
  entity.config = maskedConfig(schema, entity.config, { field: '', isSecret: false })
}

function masked(value: unknown, field: string): unknown {
  if (typeof value !== 'string' || value === '' || isVaultReference(value)) return value
  return field === 'jwk' && !PRIVATE_JWK.test(value) ? value : MASK
}

interface Around {
  /** The nearest name; items of a list have that of the list. */
  readonly field: string
  /** Whether it may refer to a vault, itself or in what it stands in, which is so where secrets are. */
  readonly isSecret: boolean
}

function maskedConfig(schema: JSONSchema, value: unknown, around: Around): unknown {
  const here = { ...around, isSecret: around.isSecret || schema.referenceable === true }
  if (typeof value === 'string') return maskedText(value, here)
  if (Array.isArray(value)) {
    const { items } = schema
    return value.map((item) => maskedConfig(isRecord(items) ? items : {}, item, here))
  }
  if (!isRecord(value)) return value
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
  const entries = Object.entries(value).map(([name, item]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties
    return [name, maskedConfig(isRecord(own) ? own : {}, item, { ...here, field: name })] as const
  })
  return Object.fromEntries(entries)
}

function maskedText(text: string, { field, isSecret: isKnown }: Around): string {
  if (text === '' || isVaultReference(text)) return text
  if (isKnown || isSecret([field])) return URL_WITHOUT_USER.test(text) ? text : MASK
  const [all, name = '', separator = ''] = NAMED_VALUE.exec(text) ?? []
  if (all !== undefined && isSecret([name])) return `${name}${separator}${MASK}`
  return text.replace(USER_IN_URL, `$1${MASK}@`)
}

/** Of an entity that is wrong: anything may stand where its secrets should, and nothing is known of a plugin's schema. */
export function maskWritten(collection: CollectionName, fields: Fields): Fields {
  const copy = { ...fields }
  for (const path of SECRETS[collection] ?? []) {
    const [field = ''] = path.split('.')
    if ((copy[field] ?? null) !== null) copy[field] = MASK
  }
  if (collection === 'plugins') copy.config = maskedUnknown(copy.config, '')
  return copy
}

function maskedUnknown(value: unknown, field: string): unknown {
  const mayTell = typeof value === 'boolean' || (value ?? null) === null
  if (!mayTell && (isSecret([field]) || HEADER_LISTS.has(field))) return MASK
  if (Array.isArray(value)) return value.map((item) => maskedUnknown(item, field))
  if (typeof value === 'string') return maskedText(value, { field, isSecret: false })
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskedUnknown(item, name)]),
  )
}

/** For an entity as the file has it: with a mask for its secret, whoever knows the mask would get in. */
export function maskFaults({ name }: Collection, raw: Fields): Fault[] {
  const secrets = SECRETS[name]
  if (secrets !== undefined) {
    return secrets.flatMap((path) => {
      const steps = path.split('.')
      const value = steps.reduce<unknown>((found, step) => memberOf(found, step), raw)
      return value === MASK ? [maskFault(steps)] : []
    })
  }
  return name === 'plugins' ? masksIn(raw.config, ['config']) : []
}

function memberOf(value: unknown, step: string): unknown {
  return isRecord(value) ? value[step] : undefined
}

function masksIn(value: unknown, path: DocumentPath): Fault[] {
  if (typeof value === 'string') {
    return value === MASK || NAMED_MASK.test(value) ? [maskFault(path)] : []
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => masksIn(item, [...path, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, item]) => masksIn(item, [...path, name]))
}

function maskFault(path: DocumentPath): Fault {
  return {
    path,
    message: `${MASK} stands where a secret was hidden`,
    hint: 'write the secret itself; GW_ADMIN_SECRETS=shown has the Admin API tell secrets',
  }
}
