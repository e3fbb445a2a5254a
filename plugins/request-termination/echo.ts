// The echo of request-termination: the request as the gateway has understood it, for finding out what a client sends.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  MAX_FIELDS_BYTES,
  bodyKind,
  readFields,
  type AccessContext,
  type ReadonlyHeaders,
  type ReadonlyQuery,
  type Route,
} from 'gw/plugin'

const nodeId = randomUUID()

export async function echoOf(ctx: AccessContext, message: string | undefined): Promise<object> {
  const { request } = ctx
  const raw = await request.readBody(MAX_FIELDS_BYTES)
  const body = parsedBody(request.headers.get('content-type'), raw)
  return {
    message,
    kong: { node_id: nodeId, worker_pid: process.pid, hostname: hostname() },
    request: {
      scheme: request.scheme,
      host: request.host,
      port: request.port,
      headers: headersOf(request.headers),
      query: queryOf(request.query),
      body,
      raw_body: raw.toString('utf8'),
      method: request.method,
      path: request.path,
      uri_captures: request.uriCaptures,
    },
    matched_route: ctx.route === null ? undefined : withReference(ctx.route),
    matched_service: ctx.service ?? undefined,
  }
}

/** A JSON value or the fields of a form; undefined, which leaves it out, for anything else. */
function parsedBody(contentType: string | undefined, raw: Buffer): unknown {
  if (raw.length === 0) return undefined
  if (bodyKind(contentType) === 'json') {
    try {
      return JSON.parse(raw.toString('utf8'))
    } catch {
      // Not JSON after all; raw_body shows what it is.
      return undefined
    }
  }
  const fields = readFields(contentType, raw)
  return fields === null ? undefined : Object.fromEntries(fields)
}

function headersOf(headers: ReadonlyHeaders): object {
  const lists = new Map<string, string[]>()
  for (const [name, value] of headers.entries()) {
    const list = lists.get(name.toLowerCase())
    if (list === undefined) lists.set(name.toLowerCase(), [value])
    else list.push(value)
  }
  return oneOrAll(lists)
}

function queryOf(query: ReadonlyQuery): object {
  return oneOrAll(query.names().map((name) => [name, query.getAll(name)]))
}

/** Kong shows a single value bare, several as a list. */
function oneOrAll(lists: Iterable<readonly [string, readonly unknown[]]>): object {
  return Object.fromEntries(
    Array.from(lists, ([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}

/** Kong's routes hold a reference to their service, not the service. */
function withReference(route: Route): object {
  return { ...route, service: route.service === null ? null : { id: route.service.id } }
}
