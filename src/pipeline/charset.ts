// `charset UTF-8` of Kong's nginx configuration: text types without a charset get one on the way out.
import type { ResponseHead } from '../model/response-head.js'

/** nginx's default for charset_types (ngx_http_charset_filter_module). */
const TYPES: ReadonlySet<string> = new Set([
  'text/html',
  'text/xml',
  'text/plain',
  'text/vnd.wap.wml',
  'application/javascript',
  'application/rss+xml',
])

const TYPE_LINE = /^content-type:[ \t]*([^\r]*?)[ \t]*$/im
const ENCODING_LINE = /^content-encoding:/im
const SUFFIX = '; charset=UTF-8'

/** The same for a block of header lines. */
export function addCharsetToFields(status: number, fields: string): string {
  if (!mayHaveCharset(status)) return fields
  const line = TYPE_LINE.exec(fields)
  if (!TYPES.has((line?.[1] ?? '').toLowerCase()) || ENCODING_LINE.test(fields)) return fields
  return fields.replace(TYPE_LINE, `$&${SUFFIX}`)
}

/** @param isPlain the body is text up to here, whatever Content-Encoding says of what goes out */
export function addCharset({ status, headers }: ResponseHead, isPlain = false): void {
  const type = headers.get('content-type') ?? ''
  if (!mayHaveCharset(status) || !TYPES.has(type.toLowerCase())) return
  if (isPlain || !headers.has('content-encoding')) headers.set('Content-Type', `${type}${SUFFIX}`)
}

/** nginx leaves these two alone, for the sake of Netscape 4. */
function mayHaveCharset(status: number): boolean {
  return status !== 301 && status !== 302
}
