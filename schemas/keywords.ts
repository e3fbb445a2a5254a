// What our schemas say beyond JSON Schema. ajv only has to know the names; what they mean is done in src/config.

// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface lacks the index signature that json-schema-to-ts asks for
export type Keywords = {
  /** The text may be a reference such as `{vault://env/NAME}`, which then stands in for a value of any form. */
  readonly referenceable?: boolean
  /**
   * An old name: the value moves to the field at this path (steps joined by dots, beside this field) and the old field
   * is gone when a plugin sees its configuration. Goes with `deprecated: true`.
   */
  readonly replacedBy?: string
  /** With `replacedBy`: what is called otherwise in the new field, each as the old value and the new one. */
  readonly replacedValues?: readonly (readonly [unknown, unknown])[]
  /** With `replacedBy`: the old field counts even beside the new one. Otherwise the two have to agree. */
  readonly overrules?: boolean
  /** As in later drafts of JSON Schema: whoever uses the field gets a warning. */
  readonly deprecated?: boolean
}

/** Those that ajv has to be told of. */
export const KEYWORDS: readonly (keyof Keywords)[] = [
  'referenceable',
  'replacedBy',
  'replacedValues',
  'overrules',
]

/** The schema in nothing but JSON Schema, for tools that refuse what they do not know. */
export function withoutKeywords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutKeywords)
  if (typeof schema !== 'object' || schema === null) return schema
  const known = Object.entries(schema).filter(
    ([keyword]) => !KEYWORDS.some((ours) => ours === keyword),
  )
  return Object.fromEntries(
    known.map(([keyword, value]: [string, unknown]) => [
      keyword,
      // Names of fields are no keywords, whatever they are.
      keyword === 'properties' ? mapValues(value, withoutKeywords) : withoutKeywords(value),
    ]),
  )
}

function mapValues(record: unknown, map: (value: unknown) => unknown): unknown {
  if (typeof record !== 'object' || record === null) return record
  return Object.fromEntries(
    Object.entries(record).map(([key, value]: [string, unknown]) => [key, map(value)]),
  )
}
