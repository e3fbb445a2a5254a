// From JSON Schema to types; the only file that names json-schema-to-ts, so that it can be replaced.
import type { ExtendedJSONSchema, FromExtendedSchema } from 'json-schema-to-ts'
import type { Keywords } from './keywords.js'

/** A schema written `as const`. */
export type JSONSchema = Exclude<ExtendedJSONSchema<Keywords>, boolean>

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** What a schema describes once defaults are filled in: deep read-only, defaulted fields present. */
export type ConfigOf<S extends JSONSchema> = Frozen<FromExtendedSchema<Keywords, S>>
