// What is said of each kind of entity in the table of collections.ts: its schema and how it hangs together with others.
import type { RouterFlavour } from '../../../schemas/route.js'
import type { JSONSchema } from '../../../schemas/types.js'
import type { Report } from '../faults.js'

export type CollectionName =
  | 'services'
  | 'routes'
  | 'consumers'
  | 'plugins'
  | 'upstreams'
  | 'targets'
  | 'certificates'
  | 'snis'
  | 'ca_certificates'
  | 'vaults'
  | 'keys'
  | 'key_sets'
  | 'keyauth_credentials'
  | 'keyauth_enc_credentials'
  | 'basicauth_credentials'
  | 'hmacauth_credentials'
  | 'jwt_secrets'
  | 'oauth2_credentials'
  | 'oauth2_tokens'
  | 'oauth2_authorization_codes'
  | 'acls'

/** What an entity says of itself, on its way to being complete. */
export type Fields = Record<string, unknown>

/** A field that stands for others, as `url` does. */
export interface Shorthand {
  readonly schema: JSONSchema
  /** Required fields that need not be there beside it. */
  readonly replaces: readonly string[]
}

/** What a check may need beyond the entity's own fields. */
export interface CheckContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The fields that refer to another entity and are set. */
  readonly links: ReadonlySet<string>
  readonly routerFlavour: RouterFlavour
}

export interface Collection {
  readonly name: CollectionName
  readonly schema: JSONSchema
  /** What stands in for it when routes are written as expressions. */
  readonly expressionSchema?: JSONSchema
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
  /** The plugin that brings the collection along; null for what is always there. */
  readonly plugin: string | null
  /** Whether entries prove who somebody is; then not even their names may be shown. */
  readonly isCredential: boolean
  readonly shorthands: Readonly<Record<string, Shorthand>>
  /**
   * Before the schema is applied: resolves shorthands, fills in what depends on other fields.
   * @returns false when nothing more can be said about the entity
   */
  read?(fields: Fields, report: Report): boolean
  /** After the schema was applied, and even if it was broken: rules across fields. Types are not to be trusted. */
  check?(fields: Fields, report: Report, context: CheckContext): void
  /**
   * The last step: from what a user writes to what is kept (`_transform`).
   * @param idOf the id of the entity that a field refers to
   */
  transform?(fields: Fields, idOf: (reference: string) => string): void
}
