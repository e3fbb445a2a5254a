// Sends the client to another URL: always to the same one, or to the same path at another place.
import { ConfigFault, definePlugin, type ClientRequest } from 'gw/plugin'
import { spec } from './spec.js'

interface Use {
  readonly status: number
  /** As configured, byte by byte. */
  readonly location: string
  /** The location in normal form, when the request's path and query take the place of its own. */
  readonly base: string | null
}

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 779,

  prepare({ status_code: status, location, keep_incoming_path: keepsPath }): Use {
    if (/[\0-\x1f\x7f]/.test(location)) {
      const hint = 'remove line breaks, tabs and the like, also at the end'
      throw new ConfigFault('location', 'has a character that cannot stand in a header', hint)
    }
    if (keepsPath && !URL.canParse(location)) {
      const hint = 'keep_incoming_path needs a URL with a right host and port'
      throw new ConfigFault('location', `'${location}' cannot be taken apart as a URL`, hint)
    }
    return { status, location, base: keepsPath ? new URL(location).href : null }
  },

  // HOT PATH
  access(ctx, { status, location, base }) {
    const Location = base === null ? location : withPathOf(ctx.request, base)
    return ctx.exit(status, 'redirecting', { Location })
  },
})

/** The setters of the WHATWG URL standard escape what cannot stand in a URL, as Kong's library does. */
function withPathOf({ path, query }: ClientRequest, base: string): string {
  const url = new URL(base)
  url.pathname = path
  url.search = query.text
  return url.href
}
