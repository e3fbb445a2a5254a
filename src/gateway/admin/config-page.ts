// /config: the whole declarative configuration, to read and to replace.
import { createHash } from 'node:crypto'
import { printDrafts } from '../../config/print.js'
import { ConfigError } from '../../errors/config-error.js'
import type { Logger } from '../../log/logger.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { empty, json, message, type PageAnswer, type PageRequest } from '../pages/page.js'
import type { PageEntry } from '../pages/page-table.js'
import { describeConfigError } from './config-errors.js'
import type { ConfigText } from '../../config/index.js'
import type { GatewayControl } from './contract.js'
import { EntityIndex } from './entity-index.js'
import { readSent, type SentBody } from './sent-body.js'

/** What log lines call the document. */
const NAME = 'POST /config'
/** Seconds: most loads are done by then. */
const RETRY_AFTER = '1'

const STOPPING = message(503, 'Kong currently exiting')

export interface ConfigPageOptions {
  readonly control: GatewayControl
  readonly plugins: PluginRegistry
  readonly hidesSecrets: boolean
  readonly log: Logger
}

export function configPage(options: ConfigPageOptions): PageEntry {
  const { control, plugins, hidesSecrets } = options
  let isLoading = false
  return {
    path: '/config',
    methods: {
      GET: () => {
        const { drafts, seconds, transforms } = control.config.origin
        return json(200, {
          config: printDrafts(drafts, { plugins, seconds, transforms, hidesSecrets }, 'yaml'),
        })
      },
      POST: async (request) => {
        const sent = await readSent(request, ['json', 'form', 'multipart', 'yaml'])
        const source = sourceOf(sent)
        if (source === null) return message(400, 'expected a declarative configuration')
        if (control.status().isStopping) return STOPPING
        if (isLoading) {
          const headers = { 'Retry-After': RETRY_AFTER }
          return message(429, 'Currently loading previous configuration', headers)
        }
        isLoading = true
        try {
          return await load(source, request.query, sent?.kind === 'yaml', options)
        } finally {
          isLoading = false
        }
      },
    },
  }
}

/** The document itself, or the one in the field `config`. */
function sourceOf(sent: SentBody | null): ConfigText | null {
  if (sent === null) return null
  const { kind, text, fields } = sent
  const isDocument = kind === 'yaml' || '_format_version' in fields
  const config = isDocument ? undefined : fields.config
  if (typeof config === 'string') return { text: config, file: NAME, format: 'auto' }
  if (config !== undefined || (kind !== 'json' && kind !== 'yaml')) return null
  return text === '' ? null : { text, file: NAME, format: 'auto' }
}

async function load(
  source: ConfigText,
  query: PageRequest['query'],
  isYaml: boolean,
  { control, plugins, hidesSecrets, log }: ConfigPageOptions,
): Promise<PageAnswer> {
  if (query.get('check_hash') === '1' && hashOf(source) === control.status().configurationHash) {
    return empty(304)
  }
  try {
    const config = await control.load(source)
    if (control.status().isStopping) return STOPPING
    return json(201, EntityIndex.of(config, { plugins, hidesSecrets }).all())
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    log.error(`a configuration was refused, the old one stays:\n${error.detail ?? ''}`)
    return json(
      400,
      describeConfigError(error, source, {
        isFlat: isOn(query.get('flatten_errors')),
        hasPlaces: isYaml || isOn(query.get('positions')),
      }),
    )
  }
}

/** As the configuration's own hash is made. */
function hashOf({ text }: ConfigText): string {
  return createHash('md5').update(text).digest('hex')
}

function isOn(value: string | null): boolean {
  return value !== null && ['1', 'true', 'on', 'yes'].includes(value)
}
