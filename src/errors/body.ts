// The body of an error answer, in the formats of Kong (kong/tools/http.lua), chosen by the request's Accept.

export type ErrorFormat = 'json' | 'plain' | 'xml' | 'html' | 'grpc'

export const CONTENT_TYPES: Readonly<Record<ErrorFormat, string>> = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
  // Kong over HTTP/1.1: an empty type and an empty body.
  grpc: '',
}

const FORMATS: Readonly<Record<string, ErrorFormat>> = {
  'text/html': 'html',
  'application/json': 'json',
  'text/plain': 'plain',
  'application/xml': 'xml',
  'text/*': 'plain',
  'application/grpc': 'grpc',
}

/**
 * The format for a list of media types: the highest q wins, the first among equals; q=0 never does. A type that is
 * none of these gives JSON, as an empty list does.
 */
export function negotiateFormat(accept: string): ErrorFormat {
  let best = ''
  let bestQuality = 0
  for (const entry of accept.split(',')) {
    const [type = '', ...parameters] = entry.split(';')
    const quality = parameters.map(qualityOf).find((q) => q !== undefined) ?? 1
    if (quality > bestQuality) {
      best = type.trim().toLowerCase()
      bestQuality = quality
    }
  }
  return FORMATS[best] ?? 'json'
}

function qualityOf(parameter: string): number | undefined {
  const match = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)
  return match ? Number(match[1]) : undefined
}

/** Kong inserts the message as it is; here it is escaped, so that a quote cannot break the document. */
export function formatError(format: ErrorFormat, message: string, requestId: string): string {
  switch (format) {
    case 'json':
      return `{\n  "message":${JSON.stringify(message)},\n  "request_id":"${requestId}"\n}`
    case 'plain':
      return `${message}\nrequest_id: ${requestId}\n`
    case 'xml':
      return `<?xml version="1.0" encoding="UTF-8"?>\n<error>\n  <message>${escapeMarkup(message)}</message>\n  <requestid>${requestId}</requestid>\n</error>\n`
    case 'html':
      return htmlError(escapeMarkup(message), requestId)
    case 'grpc':
      return ''
  }
}

function htmlError(message: string, requestId: string): string {
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <title>Error</title>
  </head>
  <body>
    <h1>Error</h1>
    <p>${message}.</p>
    <p>request_id: ${requestId}</p>
  </body>
</html>
`
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => MARKUP[character] ?? character)
}

const DEFAULT_MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  402: 'Payment required',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  407: 'Proxy authentication required',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length required',
  412: 'Precondition failed',
  413: 'Payload too large',
  414: 'URI too long',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  417: 'Expectation failed',
  418: "I'm a teapot",
  421: 'Misdirected request',
  422: 'Unprocessable entity',
  423: 'Locked',
  424: 'Failed dependency',
  425: 'Too early',
  426: 'Upgrade required',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Request header fields too large',
  451: 'Unavailable for legal reasons',
  494: 'Request header or cookie too large',
  500: 'An unexpected error occurred',
  501: 'Not implemented',
  502: 'An invalid response was received from the upstream server',
  503: 'The upstream server is currently unavailable',
  504: 'The upstream server is timing out',
  505: 'HTTP version not supported',
  506: 'Variant also negotiates',
  507: 'Insufficient storage',
  508: 'Loop detected',
  510: 'Not extended',
  511: 'Network authentication required',
}

/** What Kong says for a status when nobody gave a text. */
export function defaultMessage(status: number): string {
  return DEFAULT_MESSAGES[status] ?? `The upstream server responded with ${status}`
}
