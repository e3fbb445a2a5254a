// Headers, path and query of the request to the target. All values of a section are rendered before its first change, so
// that templates see what the client has sent.
import type { LuaNames } from '../../util/lua/run/expression.js'
import { bytesOf, textOf } from '../../util/lua/run/values.js'
import { escapePath } from '../../util/path.js'
import type { AccessContext, UpstreamRequest } from '../contract.js'
import { escapedBytes, FormArguments } from '../form-arguments.js'
import type { Pair, Section } from './request-plan.js'

/** What each value of a section has become for this request. */
export interface Rendered {
  readonly rename: readonly string[]
  readonly replace: readonly string[]
  readonly add: readonly string[]
  readonly append: readonly string[]
}

/** HOT PATH */
export function renderSection(section: Section, names: LuaNames): Rendered {
  return {
    rename: renderAll(section.rename, names),
    replace: renderAll(section.replace, names),
    add: renderAll(section.add, names),
    append: renderAll(section.append, names),
  }
}

const NONE: readonly string[] = []

function renderAll(pairs: readonly Pair[], names: LuaNames): readonly string[] {
  if (pairs.length === 0) return NONE
  const values: string[] = []
  for (const { template } of pairs) values.push(template.render(names))
  return values
}

/** HOT PATH */
export function changeHeaders(upstream: UpstreamRequest, section: Section, values: Rendered): void {
  const { headers } = upstream
  // Kong: the host can be replaced, and nothing else be done to it.
  for (const { name } of section.remove) if (name !== 'host') headers.remove(name)
  for (let i = 0; i < section.rename.length; i++) {
    renameHeader(upstream, section.rename[i]?.name ?? '', (values.rename[i] ?? '').toLowerCase())
  }
  for (let i = 0; i < section.replace.length; i++) {
    const name = section.replace[i]?.name ?? ''
    if (name === 'host') upstream.host = headerValue(values.replace[i])
    else if (headers.has(name)) headers.set(name, headerValue(values.replace[i]))
  }
  for (let i = 0; i < section.add.length; i++) {
    const name = section.add[i]?.name ?? ''
    if (name !== 'host' && !headers.has(name)) headers.set(name, headerValue(values.add[i]))
  }
  for (let i = 0; i < section.append.length; i++) {
    const name = section.append[i]?.name ?? ''
    if (name !== 'host') headers.add(name, headerValue(values.append[i]))
  }
}

function renameHeader(upstream: UpstreamRequest, from: string, to: string): void {
  const { headers } = upstream
  if (from === to || from === 'host' || !headers.has(from)) return
  const values = headers.getAll(from)
  headers.remove(from)
  if (to === 'host') upstream.host = values[0] ?? ''
  else headers.set(to, values)
}

const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/
const EVERY_CONTROL = new RegExp(CONTROLS, 'g')

/** nginx escapes what would break the line: a client may have put it into its query. */
function headerValue(bytes = ''): string {
  return textOf(CONTROLS.test(bytes) ? escapedBytes(bytes, EVERY_CONTROL) : bytes)
}

/** Sets the path; returns the query that the new one brings, or null. */
export function changePath(upstream: UpstreamRequest, uri: string): string | null {
  if (!uri.startsWith('/')) throw new Error('replace.uri gives a path that does not start with /')
  // A `#` would be no part of the target any more.
  const safe = escapePath(escapedBytes(uri, /[\x80-\xff#]/g))
  const question = safe.indexOf('?')
  upstream.path = question < 0 ? safe : safe.slice(0, question)
  return question < 0 ? null : safe.slice(question + 1)
}

export function changeQuery(ctx: AccessContext, section: Section, names: LuaNames): void {
  const values = renderSection(section, names)
  const args = new FormArguments(bytesOf(ctx.upstream.query.text))
  changeArguments(args, section, values)
  writeQuery(ctx, args)
}

/** Kong: sorted, and without arguments no question mark, unless the client's request ends with one. */
export function writeQuery({ request, upstream }: AccessContext, args: FormArguments): void {
  const text = args.sortedText
  if (text !== '' || request.target.endsWith('?')) upstream.query.replace(text)
  else upstream.query.clear()
}

/** Kong: a form, or a query, has its arguments by name. */
export function changeArguments(args: FormArguments, section: Section, values: Rendered): void {
  for (const { nameBytes } of section.remove) args.remove(nameBytes)
  section.rename.forEach(({ nameBytes }, i) => {
    args.rename(nameBytes, values.rename[i] ?? '')
  })
  section.replace.forEach(({ nameBytes }, i) => {
    if (args.has(nameBytes)) args.set(nameBytes, values.replace[i] ?? '')
  })
  section.add.forEach(({ nameBytes }, i) => {
    if (!args.has(nameBytes)) args.set(nameBytes, values.add[i] ?? '')
  })
  section.append.forEach(({ nameBytes }, i) => {
    args.appendText(nameBytes, values.append[i] ?? '')
  })
}
