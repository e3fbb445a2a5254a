// The schema of a whole declarative file, for editors: every entity with all that it may refer to or hold, and the
// configuration of each plugin. A file that passes may still be refused for what a schema cannot say.
import { withoutKeywords } from '../../schemas/keywords.js'
import type { PluginSpec } from '../plugin/contract.js'
import type { Collection } from './entities/collection.js'
import { childrenOf, COLLECTIONS, FORMAT_VERSIONS } from './entities/collections.js'
import { isRecord } from './settle.js'

type Schema = Readonly<Record<string, unknown>>

const DRAFT = 'http://json-schema.org/draft-07/schema#'

const notes = {
  _comment: { type: ['string', 'null'], description: 'A remark; ignored' },
  _ignore: {
    type: ['array', 'null'],
    description: 'Anything at all; ignored, and so a place for YAML anchors',
  },
}

export function publishedSchema(plugins: readonly PluginSpec[]): Schema {
  return plain({
    $schema: DRAFT,
    title: 'Declarative configuration (kong.yml)',
    type: 'object',
    additionalProperties: false,
    required: ['_format_version'],
    properties: {
      _format_version: {
        type: 'string',
        enum: FORMAT_VERSIONS,
        description: 'Format of the file; before 3.0 regular expressions in paths were not marked',
      },
      _transform: {
        type: 'boolean',
        default: true,
        description: 'Whether values are as a user writes them; false for what an export holds',
      },
      ...notes,
      ...Object.fromEntries(COLLECTIONS.map((each) => [each.name, topLevel(each)])),
    },
    definitions: Object.fromEntries(
      COLLECTIONS.map((each) => [each.name, entitySchema(each, plugins)]),
    ),
  })
}

/** The configuration of one plugin, as a document of its own. */
export function publishedPluginSchema({ name, schema }: PluginSpec): Schema {
  return plain({ $schema: DRAFT, title: `Configuration of the plugin ${name}`, ...schema })
}

/** For any tool that knows JSON Schema, and for what a user writes. */
function plain(schema: Schema): Schema {
  return asWritten(withoutKeywords(schema) as Schema)
}

/** A field with a default is required of the gateway, not of the user: the same schema without such demands. */
function asWritten(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([keyword, value]) => [
    keyword,
    // These hold values, not schemas.
    ['default', 'const', 'enum', 'examples'].includes(keyword) ? value : asWrittenWithin(value),
  ])
  const copy = Object.fromEntries(entries) as Schema
  const { properties, required } = copy
  if (!Array.isArray(required) || !isRecord(properties)) return copy
  const isDemanded = (field: unknown): boolean => {
    const property = properties[String(field)]
    return !(isRecord(property) && 'default' in property)
  }
  return { ...copy, required: required.filter(isDemanded) }
}

function asWrittenWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWrittenWithin)
  return isRecord(value) ? asWritten(value) : value
}

function topLevel({ name, requiredReferences, schema }: Collection): Schema {
  const item = { $ref: `#/definitions/${name}` }
  const { description } = schema
  // What is nested has its parent for a reference; only at the top level must it be written.
  const items =
    requiredReferences.length === 0 ? item : { allOf: [item, { required: requiredReferences }] }
  return { type: ['array', 'null'], items, description }
}

function entitySchema(collection: Collection, plugins: readonly PluginSpec[]): Schema {
  const { schema, shorthands, references, name } = collection
  const children = [...childrenOf(name).keys()].map((child) => [
    child,
    {
      type: ['array', 'null'],
      items: { $ref: `#/definitions/${child}` },
      description: `${child} that belong to this entity`,
    },
  ])
  const own = Object.entries(shorthands).map(([field, shorthand]) => [field, shorthand.schema])
  const links = Object.entries(references).map(([field, target]) => [field, linkTo(target)])
  return {
    ...schema,
    ...demands(collection),
    properties: {
      ...schema.properties,
      ...Object.fromEntries([...own, ...links, ...children]),
      ...notes,
    },
    ...(name === 'plugins' ? pluginConfigs(plugins) : {}),
  }
}

function linkTo(target: string): Schema {
  return {
    anyOf: [
      { type: ['string', 'null'] },
      { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    ],
    description: `Name or id of an entry in ${target}`,
  }
}

/** What must be there, where a shorthand may stand for several fields. */
function demands({ schema, shorthands }: Collection): Schema {
  const required = schema.required ?? []
  const [shorthand] = Object.entries(shorthands)
  if (shorthand === undefined) return { required }
  const [field, { replaces }] = shorthand
  return {
    required: required.filter((each) => !replaces.includes(each)),
    anyOf: [{ required: replaces }, { required: [field] }],
  }
}

/** Ties `config` to the plugin named. Other names stay possible: a user's plugins are not known here. */
function pluginConfigs(plugins: readonly PluginSpec[]): Schema {
  if (plugins.length === 0) return {}
  const byName = [...plugins].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    allOf: byName.map(({ name, schema }) => ({
      if: { properties: { name: { const: name } }, required: ['name'] },
      then: { properties: { config: schema } },
    })),
  }
}
