// The admin listener: Kong's Admin API as it is without a database. One resource can be written, /config.
import { createPageTable, type PageEntry, type PageTable } from '../pages/page-table.js'
import { message } from '../pages/page.js'
import { readyMethods, statusPage } from '../status/status-pages.js'
import { configPage, type ConfigPageOptions } from './config-page.js'
import { isCrossSite } from './cross-site.js'

export type AdminOptions = ConfigPageOptions

export function createAdminPages(options: AdminOptions): PageTable {
  const { control } = options
  const entries: PageEntry[] = [
    { path: '/status', methods: { GET: ({ query }) => statusPage(control.status(), query) } },
    { path: '/status/ready', methods: readyMethods(control) },
    configPage(options),
  ]
  const table = createPageTable(entries, {
    namesMethods: false,
    optionsHeaders: (methods) => ({
      Allow: methods,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': 'Content-Type',
    }),
  })
  return {
    answer: (request) =>
      isCrossSite(request)
        ? message(403, 'Requests from other sites are refused')
        : table.answer(request),
  }
}
