// Gives each request an id in a header, so that it can be followed through logs.
import { randomUUID } from 'node:crypto'
import { addLogField, contextKey, definePlugin, type ClientRequest } from 'gw/plugin'
import { schema } from './schema.js'

interface Use {
  readonly header: string
  readonly generate: (request: ClientRequest) => string
  readonly echo: boolean
}

const ID = contextKey<string>('correlation id')

export default definePlugin({
  name: 'correlation-id',
  version: '3.9.1',
  priority: 100001,
  schema,

  init(env) {
    now = () => env.now()
  },

  prepare(config): Use {
    return {
      header: config.header_name,
      generate: generators[config.generator],
      echo: config.echo_downstream,
    }
  },

  // HOT PATH
  access(ctx, use) {
    let id = ctx.request.headers.get(use.header)
    if (id === undefined || isBlank(id)) {
      id = use.generate(ctx.request)
      ctx.upstream.headers.set(use.header, id)
    }
    if (use.echo) ctx.set(ID, id)
    addLogField(ctx, 'correlation_id', id)
    return undefined
  },

  // HOT PATH
  header_filter(ctx, use) {
    if (!use.echo) return
    // A request that was answered before this plugin's turn, such as one without a route, has no id yet.
    let id = ctx.get(ID) ?? ctx.request.headers.get(use.header)
    if (id === undefined || isBlank(id)) id = use.generate(ctx.request)
    ctx.response.headers.set(use.header, id)
  },
})

let now: () => number = Date.now

// Once per process, as in each of Kong's workers; all uses share the counter.
const processUuid = randomUUID()
let counter = 0
let serial = 0

const generators = {
  uuid: () => randomUUID(),
  'uuid#counter': () => `${processUuid}#${++counter}`,
  // Connections are not told apart here: each id has a serial of its own and is its first request.
  tracker: (request: ClientRequest) =>
    `${request.localAddress}-${request.port}-${process.pid}-${++serial}-1-${(now() / 1000).toFixed(3)}`,
} as const

function isBlank(text: string): boolean {
  return text === '' || text.trim() === ''
}
