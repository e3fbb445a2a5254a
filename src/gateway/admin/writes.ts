// Writes of single entities, all of which are refused: without a database there is only /config. What is wrong with an
// entity is said first, as in Kong.
import { checkEntity } from '../../config/check-entity.js'
import type { Collection, Fields } from '../../config/entities/collection.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { RouterFlavour } from '../../../schemas/route.js'
import { json, type PageAnswer, type PageRequest } from '../pages/page.js'
import { schemaViolation } from './schema-violation.js'
import { readSent } from './sent-body.js'
import { writtenFields } from './written-fields.js'

export interface CheckOptions {
  readonly plugins: PluginRegistry
  readonly routerFlavour: RouterFlavour
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Verb = 'create' | 'create or update' | 'update' | 'remove'

/** @param key the id or name in the path; left out for a new entity */
export function refused({ name, endpointKey }: Collection, verb: Verb, key?: string): PageAnswer {
  const isByName = key !== undefined && !UUID.test(key) && endpointKey !== null
  const by = isByName ? ` by '${endpointKey}'` : ''
  return json(405, {
    code: 12,
    name: 'operation unsupported',
    message: `cannot ${verb} '${name}' entities${by} when not using a database`,
  })
}

/**
 * The answer to an entity that is wrong, or null.
 * @param given what the path says of it
 */
export async function violation(
  request: PageRequest,
  collection: Collection,
  options: CheckOptions,
  given: Fields = {},
): Promise<PageAnswer | null> {
  const sent = await readSent(request, ['json', 'form', 'multipart'])
  const { shorthands, schema, name } = collection
  const fields =
    sent === null
      ? {}
      : writtenFields(sent, (field) => shorthands[field]?.schema ?? propertyOf(schema, field))
  const context = { ...options, now: Date.now }
  const faults = checkEntity(name, { ...fields, ...given }, context)
  return faults.length === 0 ? null : schemaViolation(name, faults)
}

function propertyOf(schema: Collection['schema'], field: string): Collection['schema'] | undefined {
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
  return Object.hasOwn(properties, field) ? (properties[field] as Collection['schema']) : undefined
}
