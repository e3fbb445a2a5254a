// The lists in the configurations of request-transformer and response-transformer. A plugin adds a description.

/** What is to go: names, or whatever else is written. */
export const transformerNames = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  default: [],
} as const

/** `name:value`; the value may be empty and may have colons. */
export const transformerPairs = {
  ...transformerNames,
  items: { ...transformerNames.items, pattern: '^[^:]+:' },
} as const

/** `old:new`, both names of headers. */
export const headerRenames = {
  ...transformerPairs,
  items: { ...transformerPairs.items, format: 'header-rename' },
} as const
