// What the pipeline is told of the settings.
import type { Logger } from '../log/logger.js'
import { ClientAddresses } from '../pipeline/client-address.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import { PRODUCT } from '../util/version.js'
import type { Settings } from './settings.js'

export function pipelineSettings(settings: Settings, log: Logger): PipelineSettings {
  return {
    product: PRODUCT,
    headers: settings.headers,
    upstreamRequestId: settings.upstreamRequestId,
    debugHeader: settings.debugHeader,
    errorDefaultType: settings.errorDefaultType,
    addresses: new ClientAddresses(settings),
    log,
  }
}
