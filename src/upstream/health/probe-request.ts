// What a probe by HTTP sends, and what it makes of the line that comes back. As Kong's, byte for byte: HTTP/1.0, the
// configured headers, Host, and nothing else.
import type { Healthchecks } from './health-rules.js'

type Active = Pick<Healthchecks['active'], 'http_path' | 'headers'>

/** @param host of the Host header, without a port unless the upstream names one */
export function probeRequest({ http_path, headers }: Active, host: string): string {
  const lines = Object.entries(headers ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${oneLine(value)}\r\n`),
  )
  return `GET ${oneLine(http_path)} HTTP/1.0\r\n${lines.join('')}Host: ${host}\r\n\r\n`
}

/** A line break in the file must not become one of the request. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ')
}

const STATUS_LINE = /^HTTP\/\d+\.\d+\s+(\d+)/i
/** A longer line is none. */
export const MAX_STATUS_LINE = 8192

/** 0 for what is no status line. */
export function statusOf(line: string): number {
  const status = Number(STATUS_LINE.exec(line)?.[1] ?? 0)
  return status > 999 ? 0 : status
}
