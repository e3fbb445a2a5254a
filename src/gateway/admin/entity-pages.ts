// The entities of the running configuration: lists, single ones, and what hangs on them. To be read alone.
import type { Draft } from '../../config/draft.js'
import type { Collection, Fields } from '../../config/entities/collection.js'
import { json, NOT_FOUND, PageRefusal, type PageAnswer, type PageRequest } from '../pages/page.js'
import type { PageEntry, PageHandler } from '../pages/page-table.js'
import type { GatewayControl } from './contract.js'
import { EntityIndex, referenceOf } from './entity-index.js'
import { numberedPage, pageOf, tagFilter } from './paging.js'
import { resources, type ChildResource, type Resource } from './resources.js'
import { refused, violation, type CheckOptions } from './writes.js'

export interface EntityPagesOptions extends CheckOptions {
  readonly control: GatewayControl
  readonly hidesSecrets: boolean
}

export function entityPages(options: EntityPagesOptions): readonly PageEntry[] {
  return resources(options.plugins).flatMap((resource) => {
    const pages = pagesOf(resource, options)
    // Kong has these paths in its list, and nothing behind them: targets are found below their upstream.
    return resource.path === '/targets'
      ? pages.map(({ path }) => ({ path, methods: ABSENT }))
      : pages
  })
}

const absent: PageHandler = () => NOT_FOUND
const ABSENT = { GET: absent, POST: absent, PUT: absent, PATCH: absent, DELETE: absent }

function pagesOf(resource: Resource, options: EntityPagesOptions): PageEntry[] {
  const { collection, path, children } = resource
  const entities = (): EntityIndex => EntityIndex.of(options.control.config, options)
  const one = (key: string | undefined): Draft => found(entities().find(collection.name, key ?? ''))
  const single = `${path}/{${collection.name}}`
  return [
    {
      path,
      methods: {
        GET: (request) => list(request, entities(), entities().list(collection.name)),
        POST: async (request) =>
          (await violation(request, collection, options)) ?? refused(collection, 'create'),
      },
    },
    {
      path: single,
      methods: singleMethods(collection, options, ([key]) => entities().show(one(key))),
    },
    ...Object.keys(collection.references).map((field): PageEntry => ({
      path: `${single}/${field}`,
      methods: {
        GET: (_, [key]) => json(200, entities().show(found(referenceOf(one(key), field)))),
      },
    })),
    ...children.flatMap((child) => childPages(single, child, one, entities, options)),
  ]
}

function childPages(
  parentPath: string,
  { collection, path, field }: ChildResource,
  parentOf: (key: string | undefined) => Draft,
  entities: () => EntityIndex,
  options: EntityPagesOptions,
): PageEntry[] {
  const below = `${parentPath}/${path}`
  const listBelow: PageHandler = (request, [key]) =>
    list(request, entities(), entities().children(collection.name, field, parentOf(key)))
  const isTargets = collection.name === 'targets'
  const newestFirst: PageHandler = (request, [key]) => {
    const targets = entities().targetsOf(parentOf(key))
    return json(
      200,
      numberedPage(request, targets, (target) => entities().show(target)),
    )
  }
  const pages: PageEntry[] = [
    {
      path: below,
      methods: {
        GET: isTargets ? newestFirst : listBelow,
        POST: async (request, [key]) => {
          const { id } = parentOf(key)
          const given = { [field]: { id } }
          return (
            (await violation(request, collection, options, given)) ?? refused(collection, 'create')
          )
        },
      },
    },
    {
      path: `${below}/{${collection.name}}`,
      methods: singleMethods(
        collection,
        options,
        ([parentKey, key]) => {
          const parent = parentOf(parentKey)
          const child = isTargets
            ? entities().targetOf(parent, key ?? '')
            : entities().find(collection.name, key ?? '')
          const isOwn = child !== undefined && referenceOf(child, field) === parent
          return entities().show(found(isOwn ? child : null))
        },
        ([parentKey]) => ({ [field]: { id: parentOf(parentKey).id } }),
      ),
    },
  ]
  // Once Kong kept old targets, too, and showed them here.
  if (isTargets) {
    pages.unshift({ path: `${below}/all`, methods: { GET: listBelow } })
  }
  return pages
}

/**
 * The last of the parameters is the key of the entity itself.
 * @param given what else the path says of the entity that is put there
 */
function singleMethods(
  collection: Collection,
  options: CheckOptions,
  show: (params: readonly string[]) => Fields,
  given: (params: readonly string[]) => Fields = () => ({}),
): PageEntry['methods'] {
  return {
    GET: (_, params) => json(200, show(params)),
    PUT: async (request, params) => {
      const fields = { ...given(params), ...keyFields(collection, params.at(-1)) }
      return (
        (await violation(request, collection, options, fields)) ??
        refused(collection, 'create or update', params.at(-1))
      )
    },
    PATCH: (_, params) => refused(collection, 'update', params.at(-1)),
    DELETE: (_, params) => refused(collection, 'remove', params.at(-1)),
  }
}

/** What the path of a PUT says of the entity. */
function keyFields({ endpointKey }: Collection, key = ''): Fields {
  const isId = /^[0-9a-f-]{36}$/i.test(key)
  if (isId) return { id: key }
  return endpointKey === null ? {} : { [endpointKey]: key }
}

function list(request: PageRequest, entities: EntityIndex, all: readonly Draft[]): PageAnswer {
  const { query } = request
  const hasTags = tagFilter(query.get('tags'))
  const customId = query.get('custom_id')
  const asked = all.filter(
    ({ fields }) => hasTags(fields.tags) && (customId === null || fields.custom_id === customId),
  )
  return pageOf(
    request,
    asked,
    ({ id }) => id,
    (draft) => entities.show(draft),
  )
}

function found(draft: Draft | null | undefined): Draft {
  if (draft === null || draft === undefined) throw new PageRefusal(NOT_FOUND)
  return draft
}
