// The status listener: whether the gateway is ready, and what it is doing. The admin listener has these pages too.
import type { RouterFlavour } from '../../../schemas/route.js'
import type { Logger } from '../../log/logger.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { GuardCounts } from '../../upstream/guard-counts.js'
import type { GatewayControl, GatewayStatus } from '../admin/contract.js'
import { entityPages } from '../admin/entity-pages.js'
import { healthPage } from '../admin/health-pages.js'
import { createPageTable, type PageEntry, type PageTable } from '../pages/page-table.js'
import { empty, json, message, page, type PageAnswer, type PageRequest } from '../pages/page.js'

export interface StatusPagesOptions {
  readonly control: GatewayControl
  readonly plugins: PluginRegistry
  readonly routerFlavour: RouterFlavour
  readonly hidesSecrets: boolean
  readonly log: Logger
}

/** What Kong shows here of the Admin API, to be read alone. */
const TARGETS = '/upstreams/{upstreams}/targets'
const READABLE = new Set([TARGETS, `${TARGETS}/all`, `${TARGETS}/{targets}`])

export function createStatusPages(options: StatusPagesOptions): PageTable {
  const { control } = options
  const entries: PageEntry[] = [
    { path: '/status', methods: { GET: ({ query }) => statusPage(control.status(), query) } },
    {
      path: '/status/resilience',
      methods: { GET: () => json(200, resilienceOf(control.status().guards)) },
    },
    {
      path: '/status/ready',
      methods: { ...readyMethods(control), POST: (request) => setReadiness(request, control) },
    },
    healthPage(options),
    ...entityPages(options).flatMap(({ path, methods: { GET } }) =>
      READABLE.has(path) && GET !== undefined ? [{ path, methods: { GET } }] : [],
    ),
  ]
  return createPageTable(entries, {
    namesMethods: true,
    optionsHeaders: (methods) => ({ Allow: methods }),
  })
}

export function readyMethods(control: Pick<GatewayControl, 'status'>): PageEntry['methods'] {
  return {
    GET: () => {
      const { notReady } = control.status()
      return notReady === null ? message(200, 'ready') : message(503, notReady)
    },
  }
}

/** What `kong drain` sends: `{"status":"draining"}`, of which there is no way back. */
async function setReadiness(
  request: PageRequest,
  control: Pick<GatewayControl, 'drain'>,
): Promise<PageAnswer> {
  const text = (await request.body()).toString('utf8')
  let status: unknown
  try {
    status = (JSON.parse(text) as { readonly status?: unknown } | null)?.status
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return page(400)
  }
  if (status !== 'draining') return page(400)
  control.drain()
  return empty(204)
}

const UNITS: Readonly<Record<string, { readonly bytes: number; readonly name: string }>> = {
  b: { bytes: 1, name: 'B' },
  k: { bytes: 1024, name: 'KiB' },
  m: { bytes: 1024 ** 2, name: 'MiB' },
  g: { bytes: 1024 ** 3, name: 'GiB' },
}

/** Kong has none of it, and its readers may know what keys `/status` has: so it has a page of its own. */
function resilienceOf(guards: GuardCounts): object {
  return {
    circuit_breakers: {
      opened: guards.circuitsOpened,
      open: guards.circuitsOpen,
      requests_refused: guards.circuitRefusals,
    },
    bulkheads: {
      requests_waiting: guards.bulkheadWaiting,
      requests_refused: guards.bulkheadRefusals,
    },
  }
}

/** Kong's shape, as far as it has a meaning here. */
export function statusPage(status: GatewayStatus, query: URLSearchParams): PageAnswer {
  const unit = UNITS[query.get('unit')?.toLowerCase() ?? 'm']
  const scale = query.get('scale') ?? '2'
  if (unit === undefined) {
    return message(
      400,
      `invalid unit '${query.get('unit') ?? ''}' (expected 'k/K', 'm/M', or 'g/G')`,
    )
  }
  if (!/^\d$/.test(scale)) return message(400, `invalid scale '${scale}' (expected 0 to 9)`)
  const amount = (bytes: number): string | number =>
    unit.bytes === 1 ? bytes : `${(bytes / unit.bytes).toFixed(Number(scale))} ${unit.name}`
  const { rss } = process.memoryUsage()
  return json(200, {
    configuration_hash: status.configurationHash,
    memory: {
      rss: amount(rss),
      // Kong's name, for tools that read it. The workers are threads, and so of one process.
      workers_lua_vms: status.workerHeaps.map((bytes) => ({
        pid: process.pid,
        http_allocated_gc: amount(bytes),
      })),
      lua_shared_dicts: {},
    },
    server: {
      total_requests: status.totalRequests,
      requests_pending: status.pendingRequests,
    },
  })
}
