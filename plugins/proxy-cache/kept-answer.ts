// An answer that is kept, as it goes out: without asking the target, or in the place of what the target has answered.
import type { AccessContext, ClientResponse, Exit, HeaderFilterContext } from 'gw/plugin'
import { showAge, showKey, showStatus, type Status } from './shown.js'
import type { Entry } from './store.js'
import { ageOf, type Use } from './use.js'

export function replay(
  ctx: AccessContext,
  use: Use,
  entry: Entry,
  status: Status,
  now: number,
): Exit {
  showKey(ctx, ctx.response.headers, use, entry.key)
  const exit = ctx.replay(entry.status, entry.headers, entry.body)
  showStatus(ctx, ctx.response.headers, use, status)
  showAge(ctx, ctx.response.headers, use, ageOf(entry, now))
  return exit
}

/** RFC 5861, 4. */
export function isFailure({ status, source }: ClientResponse): boolean {
  return source !== 'exit' && (status === 500 || (status >= 502 && status <= 504))
}

/** All but the body, which is the body_filter's. */
export function substitute(ctx: HeaderFilterContext, use: Use, entry: Entry, now: number): void {
  const { response } = ctx
  response.status = entry.status
  for (const [name] of [...response.headers.entries()]) response.headers.remove(name)
  for (const [name, value] of entry.headers) {
    // Kept as bytes, while a header is set as text.
    response.headers.add(name, Buffer.from(value, 'latin1').toString('utf8'))
  }
  showKey(ctx, response.headers, use, entry.key)
  showStatus(ctx, response.headers, use, 'Stale')
  showAge(ctx, response.headers, use, ageOf(entry, now))
}
