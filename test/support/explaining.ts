// Holds what gw explain says against a gateway that gets the very bytes that are explained.
import assert from 'node:assert/strict'
import { explain } from '../../src/gateway/explain/explain.js'
import type { Explanation } from '../../src/gateway/explain/explanation.js'
import { readRequest, type RequestWords } from '../../src/gateway/explain/request.js'
import { checkConfig, loadRegistry } from '../../src/gateway/load.js'
import { readSettings } from '../../src/gateway/settings.js'
import { startGateway } from './gateway.js'
import type { HttpMessage } from './message-reader.js'
import { RawClient, type RawAnswer } from './raw-client.js'
import type { RecordingTarget } from './recording-target.js'

/** What is found out without a gateway, and what happens with one. */
export interface Pair {
  readonly words: RequestWords
  readonly explanation: Explanation
  readonly answer: RawAnswer
  /** Undefined when the target got nothing. */
  readonly got: HttpMessage | undefined
}

export interface Scenario {
  readonly config: string
  readonly requests: readonly RequestWords[]
  readonly target: RecordingTarget
  /** Over TLS; the URLs begin with https. */
  readonly tls?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** Asks both about each of the requests, with the same settings. */
export async function compareWithGateway(scenario: Scenario): Promise<Pair[]> {
  const { config, requests, target, tls = false } = scenario
  const env = { KONG_ALLOW_DEBUG_HEADER: 'on', ...scenario.env }
  const gateway = await startGateway({ config, env, listenFlags: tls ? 'ssl' : '' })
  try {
    const listen = `127.0.0.1:${gateway.proxyPort}${tls ? ' ssl' : ''}`
    const settings = readSettings({ ...env, KONG_PROXY_LISTEN: listen })
    const plugins = await loadRegistry(settings)
    const file = 'kong.yml'
    const options = {
      file,
      plugins,
      settings,
      config: checkConfig(config, file, plugins, settings),
    }
    const pairs: Pair[] = []
    for (const words of requests) {
      const raw = readRequest({ ...words, headers: [...words.headers, 'Kong-Debug: 1'] }, settings)
      const count = target.requests.length
      const client = await RawClient.open(gateway.proxyPort, { tls })
      const answer = await client.send(Buffer.from(raw.head)).answer(words.method)
      client.destroy()
      const explanation = explain(raw, options)
      pairs.push({ words, explanation, answer, got: target.requests[count] })
    }
    return pairs
  } finally {
    await gateway.stop()
  }
}

/** The route, the request line and the Host that the target got, and the status for the client. */
export function assertAgree({ words, explanation, answer, got }: Pair): void {
  const about = titleOf(words)
  const { route, upstream, answer: own } = explanation
  assert.equal(answer.headers['kong-route-name'], route?.name, about)
  assert.equal(got?.startLine, upstream?.requestLine, about)
  assert.equal(valueIn(got?.headers, 'host'), valueIn(upstream?.headers, 'host'), about)
  assert.equal(answer.status, own?.status ?? 200, about)
}

/** All that the target got, but for the id that each request has of its own. */
export function assertSameHead({ words, explanation, got }: Pair): void {
  if (got === undefined) return
  const fields = got.headers.map(([name, value]) =>
    name === 'x-kong-request-id'
      ? [name, '<new for each request>']
      : // The target keeps one character for each byte.
        [name, Buffer.from(value, 'latin1').toString()],
  )
  assert.deepEqual(fields, explanation.upstream?.headers, titleOf(words))
}

/** The gateway's own answer as the client got it. */
export function assertSameAnswer({ words, explanation, answer }: Pair): void {
  const { answer: own } = explanation
  if (own === null) return
  const about = titleOf(words)
  const body = answer.body.toString().replace(/[0-9a-f]{32}/, '<new for each request>')
  assert.equal(body, own.body, about)
  for (const name of ['content-type', 'location', 'upgrade']) {
    assert.equal(answer.headers[name], valueIn(own.headers, name), about)
  }
}

function titleOf({ method, url, headers }: RequestWords): string {
  return [`${method} ${url}`, ...headers].join(', ')
}

function valueIn(
  headers: readonly (readonly [name: string, value: string])[] | undefined,
  wanted: string,
): string | undefined {
  return headers?.find(([name]) => name.toLowerCase() === wanted)?.[1]
}
