// The admin listener: Kong's Admin API as it is without a database. One resource can be written, /config.
import type { Logger } from '../../log/logger.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { createPageTable, type PageEntry, type PageTable } from '../pages/page-table.js'
import { json, message } from '../pages/page.js'
import type { Settings } from '../settings.js'
import { readyMethods, statusPage } from '../status/status-pages.js'
import { cachePages } from './cache-pages.js'
import { configPage } from './config-page.js'
import type { GatewayControl } from './contract.js'
import { isCrossSite } from './cross-site.js'
import { entityPages } from './entity-pages.js'
import { healthPages } from './health-pages.js'
import { informationPages } from './information-pages.js'
import { schemaPages } from './schema-pages.js'
import { tagPages } from './tag-pages.js'

export interface AdminOptions {
  readonly settings: Settings
  readonly plugins: PluginRegistry
  readonly control: GatewayControl
  readonly log: Logger
}

const FOREIGN = message(403, 'requests of other sites are refused')

export function createAdminPages(options: AdminOptions): PageTable {
  const { control, plugins, settings } = options
  const { routerFlavour } = settings
  const hidesSecrets = settings.adminSecrets === 'masked'
  const entries: PageEntry[] = [
    ...informationPages(options),
    { path: '/status', methods: { GET: ({ query }) => statusPage(control.status(), query) } },
    { path: '/status/ready', methods: readyMethods(control) },
    configPage({ ...options, hidesSecrets }),
    ...schemaPages({ plugins, routerFlavour }),
    ...tagPages(control),
    ...healthPages({ ...options, hidesSecrets }),
    ...cachePages(control),
    ...entityPages({ control, plugins, routerFlavour, hidesSecrets }),
  ]
  const paths = ['/endpoints', ...entries.map(({ path }) => path)].sort()
  entries.push({
    path: '/endpoints',
    methods: { GET: () => json(200, { data: paths, next: null }) },
  })
  const table = createPageTable(entries, {
    namesMethods: false,
    optionsHeaders: (methods) => ({
      Allow: methods,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': 'Content-Type',
    }),
  })
  return { answer: (request) => (isCrossSite(request) ? FOREIGN : table.answer(request)) }
}
