// What a file may say of request-validator.
import {
  allOrNoneOf,
  atLeastOneOf,
  ConfigFault,
  inEach,
  type PluginSpec,
  type Rule,
} from 'gw/plugin'
import { contentTypeFault } from './content-type.js'
import { schema } from './schema.js'

/** OpenAPI 3.0, Style Values. */
const STYLES = new Map<unknown, readonly string[]>([
  ['query', ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']],
  ['header', ['simple']],
  ['path', ['simple', 'label', 'matrix']],
])

const styleFitsPlace: Rule = {
  fields: ['in', 'style'],
  check({ in: place, style }) {
    const styles = STYLES.get(place)
    if (typeof style !== 'string' || styles === undefined || styles.includes(style)) return []
    const hint = `use ${styles.join(', ')}`
    return [new ConfigFault('style', `style '${style}' is none of a ${String(place)}`, hint)]
  },
}

const typesAreMediaTypes: Rule = {
  fields: ['allowed_content_types'],
  check({ allowed_content_types: types }) {
    if (!Array.isArray(types)) return []
    return types.flatMap((type: unknown, index) => {
      const fault = contentTypeFault(String(type))
      return fault === null ? [] : [new ConfigFault(`allowed_content_types[${index}]`, fault)]
    })
  },
}

export const spec = {
  name: 'request-validator',
  schema,
  rules: [
    atLeastOneOf('body_schema', 'parameter_schema'),
    inEach('parameter_schema', allOrNoneOf('style', 'explode', 'schema')),
    inEach('parameter_schema', styleFitsPlace),
    typesAreMediaTypes,
  ],
} as const satisfies PluginSpec
