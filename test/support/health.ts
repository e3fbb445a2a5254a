// What tests of health checks share: the checks of an upstream with Kong's defaults, and a log that keeps what it is told.
import { loadConfig } from '../../src/config/index.js'
import type { Logger } from '../../src/log/logger.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { EntityIndex } from '../../src/gateway/admin/entity-index.js'
import type { Healthchecks } from '../../src/upstream/health/health-rules.js'

const plugins = new PluginRegistry([], [])

/** As a file says them, with all that it leaves out. */
export function healthchecks(written: object): Healthchecks {
  const upstream = { name: 'pool', healthchecks: written }
  const text = JSON.stringify({ _format_version: '3.0', upstreams: [upstream] })
  const config = loadConfig({ text, file: 'kong.json' }, { plugins, now: Date.now })
  const index = EntityIndex.of(config, { plugins, hidesSecrets: true })
  const shown = index.list('upstreams').map((draft) => index.show(draft))
  return shown[0]?.healthchecks as Healthchecks
}

export interface KeptLine {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

export function keptLog(lines: KeptLine[]): Logger {
  const at =
    (level: string) =>
    (first: object | string, second = ''): void => {
      const fields = typeof first === 'string' ? {} : { ...first }
      lines.push({ level, fields, message: typeof first === 'string' ? first : second })
    }
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    notice: at('notice'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}
