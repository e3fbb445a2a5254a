// Answers a request itself, with a fixed answer or with an echo of the request.
import { definePlugin, headerSpellings, valueOf, type AccessContext } from 'gw/plugin'
import { echoOf } from './echo.js'
import { rules } from './rules.js'
import { schema } from './schema.js'

interface Use {
  readonly status: number
  readonly body: object | string | null
  readonly headers: Readonly<Record<string, string>>
  /** Null for no echo; the message is undefined where the status has none. */
  readonly echo: { readonly message: string | undefined } | null
  readonly trigger: { readonly argument: string; readonly headers: readonly string[] } | null
}

export default definePlugin({
  name: 'request-termination',
  version: '3.9.1',
  priority: 2,
  schema,
  rules,

  prepare(config): Use {
    const { status_code: status, trigger } = config
    const message = config.message ?? MESSAGES[status]
    return {
      status,
      body: config.body ?? (message === undefined ? null : { message }),
      headers:
        config.content_type === undefined
          ? {}
          : { 'Content-Type': withCharset(config.content_type) },
      echo: config.echo ? { message } : null,
      trigger:
        trigger === undefined ? null : { argument: trigger, headers: headerSpellings(trigger) },
    }
  },

  // HOT PATH
  access(ctx, use) {
    if (use.trigger !== null && !isTriggered(ctx, use.trigger)) return undefined
    if (use.echo !== null) return answerEcho(ctx, use.status, use.echo.message)
    return ctx.exit(use.status, use.body, use.headers)
  },
})

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  404: 'Not found',
  405: 'Method not allowed',
  500: 'An unexpected error occurred',
  502: 'Bad Gateway',
  503: 'Service unavailable',
}

// What nginx's charset_types holds in Kong: answers of these types that name no charset get one.
const CHARSET_TYPES = new Set([
  'text/html',
  'text/xml',
  'text/plain',
  'text/vnd.wap.wml',
  'application/javascript',
  'application/rss+xml',
])

function withCharset(contentType: string): string {
  return CHARSET_TYPES.has(contentType.toLowerCase())
    ? `${contentType}; charset=UTF-8`
    : contentType
}

function isTriggered(ctx: AccessContext, trigger: NonNullable<Use['trigger']>): boolean {
  return (
    valueOf(ctx.request.headers, trigger.headers) !== undefined ||
    ctx.request.query.get(trigger.argument) !== undefined
  )
}

async function answerEcho(ctx: AccessContext, status: number, message: string | undefined) {
  return ctx.exit(status, await echoOf(ctx, message))
}
