// Starts the status and the admin listener.
import type { Server } from 'node:http'
import { createAdminPages } from '../admin/admin-pages.js'
import type { GatewayControl } from '../admin/contract.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { Logger } from '../../log/logger.js'
import type { Settings } from '../settings.js'
import { createStatusPages } from '../status/status-pages.js'
import { listenForPages } from './page-server.js'

/** Enough for the one short body that a status page takes. */
const STATUS_BODY_BYTES = 64 * 1024

const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' }

export interface PagesOptions {
  readonly settings: Settings
  readonly plugins: PluginRegistry
  readonly control: GatewayControl
  readonly log: Logger
}

/** Rejects with `cannot listen on ADDRESS:PORT` when one is taken; then none is left open. */
export async function startPages(options: PagesOptions): Promise<readonly Server[]> {
  const { settings, log } = options
  const admin = await listenForPages({
    page: 'admin',
    entries: settings.adminListen,
    tls: settings.pageTls.admin,
    pages: createAdminPages(options),
    headers: { ...ANY_ORIGIN, 'Access-Control-Allow-Credentials': 'true' },
    maxBodyBytes: settings.adminMaxBodyBytes,
    log,
  })
  try {
    // Last of all, since it says that everything is ready.
    const status = await listenForPages({
      page: 'status',
      entries: settings.statusListen,
      tls: settings.pageTls.status,
      pages: createStatusPages({
        ...options,
        routerFlavour: settings.routerFlavour,
        hidesSecrets: settings.adminSecrets === 'masked',
      }),
      headers: ANY_ORIGIN,
      maxBodyBytes: STATUS_BODY_BYTES,
      log,
    })
    return [...admin, ...status]
  } catch (error) {
    for (const server of admin) server.close()
    throw error
  }
}
