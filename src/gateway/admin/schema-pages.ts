// /schemas: the fields of entities and plugins as Kong describes them, and the check of one entity by itself.
import { collectionOf } from '../../config/entities/collections.js'
import type { Collection } from '../../config/entities/collection.js'
import { json, message, type PageAnswer, type PageRequest } from '../pages/page.js'
import type { PageEntry } from '../pages/page-table.js'
import { kongFields, foreignField } from './kong-schema.js'
import { violation, type CheckOptions } from './writes.js'

const SUCCESS = 'schema validation successful'

export function schemaPages(options: CheckOptions): readonly PageEntry[] {
  return [
    {
      path: '/schemas/plugins/validate',
      methods: { POST: (request) => validate(request, 'plugins', options) },
    },
    {
      path: '/schemas/vaults/validate',
      methods: { POST: (request) => validate(request, 'vaults', options) },
    },
    {
      path: '/schemas/plugins/{name}',
      methods: { GET: (_, [name = '']) => pluginSchema(name, options) },
    },
    {
      path: '/schemas/{db_entity_name}/validate',
      methods: { POST: (request, [name = '']) => validate(request, name, options) },
    },
    {
      path: '/schemas/{name}',
      methods: {
        GET: (_, [name = '']) => {
          const collection = collectionOf(name)
          return collection === undefined ? noEntity(name) : entitySchema(collection)
        },
      },
    },
  ]
}

async function validate(
  request: PageRequest,
  name: string,
  options: CheckOptions,
): Promise<PageAnswer> {
  const collection = collectionOf(name)
  if (collection === undefined) return noEntity(name)
  return (await violation(request, collection, options)) ?? message(200, SUCCESS)
}

function noEntity(name: string): PageAnswer {
  return message(404, `No entity named '${name}'`)
}

function entitySchema({ schema, references, requiredReferences }: Collection): PageAnswer {
  const links = Object.entries(references).map(([field, target]) => ({
    [field]: foreignField(target, requiredReferences.includes(field)),
  }))
  return json(200, { fields: [...kongFields(schema), ...links], entity_checks: [] })
}

function pluginSchema(name: string, { plugins }: CheckOptions): PageAnswer {
  const spec = plugins.spec(name)
  if (spec === undefined) return message(404, `No plugin named '${name}'`)
  const config = { type: 'record', required: true, fields: kongFields(spec.schema) }
  return json(200, { fields: [{ config }], entity_checks: [] })
}
