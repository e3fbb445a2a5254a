// How many workers there are, and what they may do.
import type { Logger } from '../../log/logger.js'
import { CounterTable } from '../../plugin/counter-table.js'
import { HealthTable } from '../../upstream/health/health-table.js'
import type { EngineKind } from '../engine-settings.js'
import { warnAboutUws } from '../listeners.js'
import type { Settings } from '../settings.js'
import { workerCount } from '../worker-count.js'
import { StoreHost } from './store-host.js'
import { Supervisor } from './supervisor.js'

/** The first one in which node:net can share a port. */
const SHARING_NODE = [22, 12] as const

/** As many workers as the settings want, and the engines allow. */
export function startWorkers(settings: Settings, log: Logger): Supervisor {
  const kinds = new Set<EngineKind>(
    settings.proxyListen.map(({ engine }) => engine ?? settings.engine),
  )
  if (kinds.has('uws')) warnAboutUws(settings.engineSettings, log)
  const wanted = workerCount(settings)
  const canShare = !kinds.has('http1') || isNodeSince(...SHARING_NODE)
  if (!canShare && wanted > 1) {
    const note = `one worker serves: the http1 engine shares ports from Node.js ${SHARING_NODE.join('.')} on`
    if (settings.workers === 'auto') log.info(note)
    else log.warn(note)
  }
  const workers = canShare ? Math.max(1, wanted) : 1
  const sharePort = canShare && (workers > 1 || hasTwins(settings))
  return new Supervisor({
    settings: { ...settings, engineSettings: { ...settings.engineSettings, sharePort } },
    workers,
    canShare: sharePort,
    canTerminate: !kinds.has('uws'),
    counters: CounterTable.create(),
    buckets: CounterTable.create(),
    health: HealthTable.create(),
    store: new StoreHost(log),
    log,
  })
}

/** Whether a port is listened on by IPv4 and IPv6, which uWebSockets.js takes for the same. */
function hasTwins({ proxyListen }: Settings): boolean {
  const ports = proxyListen.map(({ port }) => port).filter((port) => port > 0)
  return new Set(ports).size < ports.length
}

function isNodeSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
