// Asks the status listener of a running gateway, which its prefix knows.
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { readConf } from './conf-file.js'
import { parseListen, type ListenEntry } from './listen-syntax.js'
import { IN_PREFIX } from './prefix.js'

export interface Answer {
  readonly status: number
  readonly text: string
}

/** What the gateway of that prefix was started with. @throws ConfigError when it was never started */
export function readPrefixSettings(prefix: string): ReadonlyMap<string, string> {
  const { entries } = readConf(join(prefix, IN_PREFIX.settings))
  return new Map(entries.map(({ name, value }) => [name, value]))
}

/** The first one; null without any. */
export function statusListener(settings: ReadonlyMap<string, string>): ListenEntry | null {
  return parseListen('status_listen', settings.get('status_listen') ?? 'off')[0] ?? null
}

export function urlOf({ address, port, ssl }: ListenEntry, path: string): string {
  // An address that stands for all of them is reached at the loopback's.
  const host = /^[0:.]+$/.test(address) ? (isIP(address) === 6 ? '::1' : '127.0.0.1') : address
  return `http${ssl ? 's' : ''}://${isIP(host) === 6 ? `[${host}]` : host}:${port}${path}`
}

const TIMEOUT_MS = 1_000
const MAX_CHARACTERS = 1024 * 1024

/** Rejects when there is no answer within a second. */
export function ask(url: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      agent: false,
      timeout: TIMEOUT_MS,
      // Our own listener, mostly with a certificate that it has signed itself.
      rejectUnauthorized: false,
    } as const
    const request = (url.startsWith('https:') ? requestSecure : requestPlain)(url, options)
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        if (text.length > MAX_CHARACTERS) response.destroy(new Error('the answer is too long'))
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.end(body)
  })
}
