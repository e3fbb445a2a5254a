// What leaves the gateway: the request for the target, or an answer of its own. What is new for each request is named.
import { isSecret } from '../../config/faults.js'
import type { DryRun } from './dry-run.js'
import type { AnswerShown, GuardsShown, UpstreamShown } from './explanation.js'

/** Stands where every request has an id of its own. */
const REQUEST_ID = '<new for each request>'
/** How long something took says nothing here, nor does the time of day. */
const MEASURED = /^(?:x-kong-\w+-latency|date)$/i

/** Of those who send it: explanations are pasted where others read them. */
const MASK = '******'
const CREDENTIALS = /^(?:(?:proxy-)?authorization|(?:set-)?cookie)$/i

type Field = readonly [name: string, value: string]

export function upstreamShown(
  { call, journey }: DryRun,
  guards: GuardsShown,
): UpstreamShown | null {
  if (call === null) return null
  const { protocol, host, port, serverName, tls } = call.target
  const { timeouts, retries, head } = call.call
  const { line, fields } = readHead(head, journey.requestId)
  return {
    ...{ protocol, host, port, serverName, timeouts, guards },
    retries: guards.retry?.attempts ?? retries,
    verify: tls?.verify === true,
    requestLine: line,
    headers: fields,
  }
}

export function answerShown({ answer, journey, exchange, fault }: DryRun): AnswerShown | null {
  if (answer === null) return null
  const { code, detail, head, body } = answer
  const { line, fields } = readHead(head, journey.requestId)
  return {
    code,
    detail: exchange.fault === null ? detail : fault,
    status: Number(line.split(' ')[1]),
    headers: fields.filter(([name]) => !MEASURED.test(name)),
    body: body.replaceAll(journey.requestId, REQUEST_ID),
  }
}

function readHead(head: string, requestId: string): { line: string; fields: readonly Field[] } {
  const [line = '', ...lines] = head.trimEnd().split('\r\n')
  const fields = lines.map((text): Field => {
    const colon = text.indexOf(':')
    const value = text.slice(colon + 1).trim()
    const name = text.slice(0, colon)
    if (CREDENTIALS.test(name) || isSecret([name])) return [name, MASK]
    return [name, value === requestId ? REQUEST_ID : value]
  })
  return { line, fields }
}
