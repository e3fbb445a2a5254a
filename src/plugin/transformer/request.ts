// Changes a request before the target gets it: path, method, headers, body and query, in this order.
import { bytesOf } from '../../util/lua/run/values.js'
import { MAX_FIELDS_BYTES } from '../body-fields.js'
import type { AccessContext, Awaitable } from '../contract.js'
import { FormArguments } from '../form-arguments.js'
import { changeBody } from './request-body.js'
import { TemplateNames } from './request-names.js'
import { isKnownMethod, type RequestPlan } from './request-plan.js'
import {
  changeHeaders,
  changePath,
  changeQuery,
  renderSection,
  writeQuery,
} from './request-sections.js'

const EMPTY = Buffer.alloc(0)

/** HOT PATH: waits only for a body that the configuration touches. */
export function changeRequest(ctx: AccessContext, plan: RequestPlan): Awaitable<undefined> {
  const names = new TemplateNames(ctx)
  const uriQuery = plan.uri === null ? null : changePath(ctx.upstream, plan.uri.render(names))
  if (plan.method !== null) setMethod(ctx, plan.method)
  if (plan.movesForm && plan.kindOf(ctx.request.headers.get('content-type')) === 'form') {
    return moveForm(ctx).then(() => goOn(ctx, plan, names, uriQuery))
  }
  return goOn(ctx, plan, names, uriQuery)
}

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
  plan: RequestPlan,
  names: TemplateNames,
  uriQuery: string | null,
): Awaitable<undefined> {
  if (plan.headers !== null) {
    const values = renderSection(plan.headers, names)
    if (plan.keepsHeaders) names.keepHeaders()
    changeHeaders(ctx.upstream, plan.headers, values)
  }
  // As the headers are by now: Content-Type may be one that has just been added.
  const type = plan.body === null ? undefined : ctx.request.headers.get('content-type')
  if (plan.kindOf(type) === null) {
    finish(ctx, plan, names, uriQuery)
    return undefined
  }
  return changeBodyOf(ctx, plan, names).then(() => {
    finish(ctx, plan, names, uriQuery)
    return undefined
  })
}

async function changeBodyOf(
  ctx: AccessContext,
  plan: RequestPlan,
  names: TemplateNames,
): Promise<void> {
  const type = ctx.request.headers.get('content-type') ?? ''
  const kind = plan.kindOf(type)
  if (plan.body === null || kind === null) return
  const body = await readBody(ctx)
  const changed = changeBody(kind, type, body, plan.body, names)
  if (changed !== null) ctx.upstream.setBody(changed)
}

function finish(
  ctx: AccessContext,
  plan: RequestPlan,
  names: TemplateNames,
  uriQuery: string | null,
): void {
  if (plan.query !== null) changeQuery(ctx, plan.query, names)
  if (uriQuery === null) return
  const { query } = ctx.upstream
  query.replace(query.text === '' ? uriQuery : `${uriQuery}?${query.text}`)
}
