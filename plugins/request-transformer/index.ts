// Changes the request before the target gets it: path, method, headers, body and query, in this order.
import {
  definePlugin,
  FormArguments,
  MAX_FIELDS_BYTES,
  bytesOf,
  type AccessContext,
  type Awaitable,
} from 'gw/plugin'
import { changeBody, kindWithin } from './body.js'
import { TemplateNames } from './names.js'
import { isKnownMethod, planOf, type Use } from './plan.js'
import { changeHeaders, changePath, changeQuery, renderSection, writeQuery } from './sections.js'
import { spec } from './spec.js'

const EMPTY = Buffer.alloc(0)

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 801,
  prepare: planOf,

  // HOT PATH: waits only for a body that the configuration touches.
  access(ctx, use) {
    const names = new TemplateNames(ctx)
    const uriQuery = use.uri === null ? null : changePath(ctx.upstream, use.uri.render(names))
    if (use.method !== null) setMethod(ctx, use.method)
    if (use.movesForm && kindWithin(ctx.request.headers.get('content-type')) === 'form') {
      return moveForm(ctx).then(() => goOn(ctx, use, names, uriQuery))
    }
    return goOn(ctx, use, names, uriQuery)
  },
})

function setMethod({ upstream }: AccessContext, method: string): void {
  if (!isKnownMethod(method))
    throw new Error(`http_method: ${method} is no method that nginx knows`)
  upstream.method = method
}

/** The fields of a form go into the query, too. */
async function moveForm(ctx: AccessContext): Promise<void> {
  const body = await readBody(ctx)
  if (body.length === 0) return
  const args = new FormArguments(bytesOf(ctx.upstream.query.text))
  args.merge(new FormArguments(body.toString('latin1')))
  writeQuery(ctx, args)
}

function readBody({ request }: AccessContext): Awaitable<Buffer> {
  return request.bodyLength === 0 ? EMPTY : request.readBody(MAX_FIELDS_BYTES)
}

function goOn(
  ctx: AccessContext,
  use: Use,
  names: TemplateNames,
  uriQuery: string | null,
): Awaitable<undefined> {
  if (use.headers !== null) {
    const values = renderSection(use.headers, names)
    if (use.keepsHeaders) names.keepHeaders()
    changeHeaders(ctx.upstream, use.headers, values)
  }
  // As the headers are by now: Content-Type may be one that has just been added.
  const type = use.body === null ? undefined : ctx.request.headers.get('content-type')
  if (kindWithin(type) === null) {
    finish(ctx, use, names, uriQuery)
    return undefined
  }
  return changeBodyOf(ctx, use, names).then(() => {
    finish(ctx, use, names, uriQuery)
    return undefined
  })
}

async function changeBodyOf(ctx: AccessContext, use: Use, names: TemplateNames): Promise<void> {
  const type = ctx.request.headers.get('content-type') ?? ''
  const kind = kindWithin(type)
  if (use.body === null || kind === null) return
  const body = await readBody(ctx)
  const changed = changeBody(kind, type, body, use.body, names)
  if (changed !== null) ctx.upstream.setBody(changed)
}

function finish(ctx: AccessContext, use: Use, names: TemplateNames, uriQuery: string | null): void {
  if (use.query !== null) changeQuery(ctx, use.query, names)
  if (uriQuery === null) return
  const { query } = ctx.upstream
  query.replace(query.text === '' ? uriQuery : `${uriQuery}?${query.text}`)
}
