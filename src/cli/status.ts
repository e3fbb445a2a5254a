// gw status: how the gateway of a prefix is doing, in its own words.
import { describeError } from '../errors/describe.js'
import {
  ask,
  readPrefixSettings,
  statusListener,
  urlOf,
  type Answer,
} from '../gateway/status-client.js'
import { visible } from '../util/terminal-text.js'
import { print } from './output.js'
import { findGateway, type PlaceOptions } from './place.js'
import type { Style } from './style.js'

/**
 * True when it is ready.
 * @throws Error when none runs, or it does not answer
 */
export async function status(options: PlaceOptions, style: Style): Promise<boolean> {
  const { prefix, pid } = findGateway(options, style)
  const settings = readPrefixSettings(prefix)
  const listener = statusListener(settings)
  if (listener === null) {
    throw new Error(`${style.product} runs (process ${pid}), and has no status listener to ask`)
  }
  const askFor = (path: string): Promise<Answer> => {
    const url = urlOf(listener, path)
    return ask(url).catch((error: unknown) => {
      throw new Error(`process ${pid} runs, but ${url} does not answer: ${describeError(error)}`)
    })
  }
  const ready = await askFor('/status/ready')
  const page = read((await askFor('/status')).text)
  const isReady = ready.status === 200
  const said = read(ready.text).message
  const lines = [
    ['process', String(pid)],
    ['prefix', prefix],
    ['ready', isReady ? 'yes' : `no: ${said ?? `status ${ready.status}`}`],
    ['configuration', page.configuration_hash ?? 'unknown'],
    ['workers', settings.get('nginx_worker_processes') ?? 'auto'],
    ...['proxy', 'admin', 'status'].map((kind) => [kind, settings.get(`${kind}_listen`) ?? 'off']),
  ]
  const text = lines.map(([name = '', value = '']) => `${`${name}:`.padEnd(15)}${visible(value)}`)
  await print(process.stdout, text.join('\n'))
  return isReady
}

interface Page {
  readonly message?: string
  readonly configuration_hash?: string
}

/** What it says in text; nothing of what it does not. */
function read(text: string): Page {
  try {
    const found = JSON.parse(text) as Partial<Record<keyof Page, unknown>> | null
    return Object.fromEntries(
      Object.entries(found ?? {}).filter(([, value]) => typeof value === 'string'),
    )
  } catch {
    return {} // another program may have taken the port
  }
}
