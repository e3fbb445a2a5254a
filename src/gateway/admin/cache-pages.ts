// /proxy-cache: what the plugin of that name keeps, in all workers.
import { empty, json, NOT_FOUND, type PageAnswer } from '../pages/page.js'
import type { PageEntry } from '../pages/page-table.js'
import type { GatewayControl } from './contract.js'

const PLUGIN = 'proxy-cache'

export function cachePages(control: GatewayControl): readonly PageEntry[] {
  return [
    { path: `/${PLUGIN}`, methods: { DELETE: () => clear(control) } },
    {
      path: `/${PLUGIN}/{key}`,
      methods: {
        GET: (_, [key]) => find(control, key),
        DELETE: (_, [key]) => drop(control, key),
      },
    },
    {
      path: `/${PLUGIN}/{plugins}/caches/{key}`,
      methods: {
        GET: (_, [id, key]) => (isUse(control, id) ? find(control, key) : NOT_FOUND),
        DELETE: (_, [id, key]) => (isUse(control, id) ? drop(control, key) : NOT_FOUND),
      },
    },
  ]
}

/** What a worker says in the place of an answer. */
const AWAY = 'away'
const REDIS_AWAY = { message: 'the Redis that keeps answers does not serve' }

async function clear(control: GatewayControl): Promise<PageAnswer> {
  const answers = await control.inquire(PLUGIN, { kind: 'clear' })
  return answers.includes(AWAY) ? json(503, REDIS_AWAY) : empty(204)
}

async function find(control: GatewayControl, key: string | undefined): Promise<PageAnswer> {
  const answers = await control.inquire(PLUGIN, { kind: 'find', key })
  // A worker that has just been lost says nothing.
  const entry = answers.find((answer) => typeof answer === 'object' && answer !== null)
  if (entry !== undefined) return json(200, entry)
  return answers.includes(AWAY) ? json(503, REDIS_AWAY) : NOT_FOUND
}

async function drop(control: GatewayControl, key: string | undefined): Promise<PageAnswer> {
  const answers = await control.inquire(PLUGIN, { kind: 'drop', key })
  if (answers.includes(AWAY)) return json(503, REDIS_AWAY)
  return answers.includes(true) ? empty(204) : NOT_FOUND
}

/** Kong: answers belong to no use of the plugin; it has to be one all the same. */
function isUse({ config }: GatewayControl, id: string | undefined): boolean {
  return config.snapshot.plugins.some((use) => use.name === PLUGIN && use.id === id)
}
