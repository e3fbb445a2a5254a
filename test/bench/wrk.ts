// One round of load, and what wrk says about it.
import { join } from 'node:path'
import { runToEnd } from '../support/child.js'
import { projectRoot } from '../support/root.js'
import { pinned } from './pinning.js'

export interface Load {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A Lua script that chooses the requests; `path` is then what a single request is tried with. */
  readonly script?: string
  /** Over TLS 1.3. */
  readonly isSecure?: boolean
}

/** Makes OpenSSL, and so wrk, offer one cipher alone: each server would choose another one. */
const OPENSSL_CONF = join(projectRoot, 'test/bench/one-cipher.cnf')

export interface Round {
  readonly requests: number
  readonly requestsPerSecond: number
}

/** 64 keep-alive connections from one thread. Throws when any answer was not 2xx or 3xx, or a socket failed. */
export async function runWrk(port: number, load: Load, seconds: number): Promise<Round> {
  const headers = Object.entries(load.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ])
  const script = load.script === undefined ? [] : ['-s', load.script]
  const scheme = load.isSecure === true ? 'https' : 'http'
  const url = `${scheme}://127.0.0.1:${port}${load.path}`
  const [program = '', ...args] = pinned('load', [
    ...['wrk', '-t1', '-c64', `-d${seconds}s`, '--timeout', '10s'],
    ...[...headers, ...script, url],
  ])
  const { code, output } = await runToEnd(program, args, { OPENSSL_CONF })
  const [, requests] = /(\d+) requests in /.exec(output) ?? []
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(output) ?? []
  if (code !== 0 || requests === undefined || perSecond === undefined) {
    throw new Error(`wrk failed: ${output}`)
  }
  if (/Non-2xx or 3xx responses|Socket errors/.test(output)) {
    throw new Error(`not every answer was good: ${output}`)
  }
  return { requests: Number(requests), requestsPerSecond: Number(perSecond) }
}
