// From JSON Schema to types; the only file that names json-schema-to-ts, so that it can be replaced.
import type { FromSchema, JSONSchema as AnySchema } from 'json-schema-to-ts'

/** A schema written `as const`. */
export type JSONSchema = Exclude<AnySchema, boolean>

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** What a schema describes once defaults are filled in: deep read-only, defaulted fields present. */
export type ConfigOf<S extends JSONSchema> = Frozen<FromSchema<S>>
