// The URI that a user is sent back to, with what the client is to learn. It is one of the client's own, as it stands there.
import { FormArguments } from 'gw/plugin'

/** What is undefined is not told. */
type Answer = Readonly<Record<string, string | number | undefined>>

/** In the query, over arguments of the same name. */
export function withQuery(uri: string, answer: Answer): string {
  const mark = uri.indexOf('?')
  const base = mark < 0 ? uri : uri.slice(0, mark)
  return `${base}?${merged(mark < 0 ? '' : uri.slice(mark + 1), answer)}`
}

/** In the fragment, which stays with the browser (RFC 6749, 4.2.2). A client's URI has none of its own. */
export function withFragment(uri: string, answer: Answer): string {
  return `${uri}#${merged('', answer)}`
}

/** By name, as Kong writes them. */
function merged(query: string, answer: Answer): string {
  const args = new FormArguments(query)
  for (const [name, value] of Object.entries(answer)) {
    if (value === undefined) continue
    args.set(name, Buffer.from(String(value), 'utf8').toString('latin1'))
  }
  return args.sortedText
}
