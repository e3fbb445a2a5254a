// Where services are: URLs without a scheme, and WebSocket schemes, which Kong has no name for.
import { entities } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { startOf, type Entry, type Tree } from './tree.js'
import { rewriteScalar } from './writer.js'

export const WEB_SOCKET: ReadonlyMap<string, string> = new Map([
  ['ws', 'http'],
  ['wss', 'https'],
])
export const WEB_SOCKET_NOTE = 'WebSocket connections go through http and https'

/** A host with a dot or a port, so that no other text is taken for one. */
const BARE_ADDRESS =
  /^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::(?<port>\d+)|\.[A-Za-z]{2,})(?:\/[^\s]*)?$/

export const fixServiceAddresses: Fixer = (tree) =>
  entities(tree, 'services').flatMap(({ fields, path }) => {
    const url = fields.get('url')
    // The scheme of a URL has the last word on the protocol.
    return url === undefined
      ? fixProtocol(tree, fields.get('protocol'), [...path, 'protocol'])
      : fixUrl(tree, url, [...path, 'url'])
  })

function fixProtocol(tree: Tree, entry: Entry | undefined, path: Draft['path']): Draft[] {
  const node = tree.scalarAt(entry?.raw)
  const text = tree.textOf(node) ?? ''
  const instead = WEB_SOCKET.get(text)
  if (node === null || instead === undefined) return []
  const message = `now ${instead} instead of ${text}`
  return draft(path, startOf(node), rewriteScalar(tree, node, instead), message, WEB_SOCKET_NOTE)
}

function fixUrl(tree: Tree, entry: Entry, path: Draft['path']): Draft[] {
  const node = tree.scalarAt(entry.raw)
  const text = tree.textOf(node)
  if (node === null || text === undefined) return []
  const at = startOf(node)
  const colon = text.indexOf('://')
  if (colon < 0) {
    const bare = BARE_ADDRESS.exec(text)
    if (bare === null) return []
    // As Kong guesses where it does.
    const scheme = bare.groups?.port === '443' ? 'https' : 'http'
    const splices = rewriteScalar(tree, node, `${scheme}://${text}`)
    return draft(path, at, splices, `now begins with ${scheme}://`, 'the scheme is a guess')
  }
  const scheme = text.slice(0, colon)
  const instead = WEB_SOCKET.get(scheme)
  if (instead === undefined) return []
  const splices = rewriteScalar(tree, node, instead + text.slice(colon))
  return draft(path, at, splices, `now ${instead} instead of ${scheme}`, WEB_SOCKET_NOTE)
}
