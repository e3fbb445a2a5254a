// One round of load, and what wrk says about it.
import { runToEnd } from '../support/child.js'
import { pinned } from './pinning.js'

export interface Load {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A Lua script that chooses the requests; `path` is then what a single request is tried with. */
  readonly script?: string
}

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
  const url = `http://127.0.0.1:${port}${load.path}`
  const [program = '', ...args] = pinned('load', [
    ...['wrk', '-t1', '-c64', `-d${seconds}s`, '--timeout', '10s'],
    ...[...headers, ...script, url],
  ])
  const { code, output } = await runToEnd(program, args)
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
