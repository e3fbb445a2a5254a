// /tags: which entities carry which labels.
import type { PageEntry } from '../pages/page-table.js'
import type { PageAnswer, PageRequest } from '../pages/page.js'
import type { GatewayControl } from './contract.js'
import { pageOf } from './paging.js'

interface Tagged {
  readonly tag: string
  readonly entity_name: string
  readonly entity_id: string
}

export function tagPages(control: GatewayControl): readonly PageEntry[] {
  const list = (request: PageRequest, wanted?: string): PageAnswer =>
    pageOf(request, taggedIn(control, wanted), keyOf, (entry) => entry)
  return [
    { path: '/tags', methods: { GET: (request) => list(request) } },
    { path: '/tags/{tags}', methods: { GET: (request, [tag]) => list(request, tag) } },
  ]
}

function taggedIn({ config }: GatewayControl, wanted?: string): readonly Tagged[] {
  const found: Tagged[] = []
  for (const { collection, fields, id } of config.origin.drafts) {
    if (!Array.isArray(fields.tags)) continue
    for (const tag of fields.tags) {
      if (typeof tag !== 'string' || (wanted !== undefined && tag !== wanted)) continue
      found.push({ tag, entity_name: collection.name, entity_id: id })
    }
  }
  return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** No tag holds a slash. */
function keyOf({ tag, entity_name: name, entity_id: id }: Tagged): string {
  return `${tag}/${name}/${id}`
}
