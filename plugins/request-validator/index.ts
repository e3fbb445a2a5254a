// Refuses requests whose body, query, headers or path are not what a schema says.
import {
  definePlugin,
  MAX_FIELDS_BYTES,
  type AccessContext,
  type Awaitable,
  type ConfigOf,
  type Exit,
} from 'gw/plugin'
import { ContentTypes } from './content-type.js'
import { compileJsonSchema, type Check } from './json-schema.js'
import { JsonFault, parseJsonBytes } from './json-text.js'
import { compileKongSchema } from './kong-schema.js'
import { Parameters } from './parameters.js'
import { SchemaText } from './place.js'
import type { schema } from './schema.js'
import { spec } from './spec.js'

interface Use {
  readonly contentTypes: ContentTypes
  readonly checkBody: Check | null
  readonly parameters: Parameters | null
  readonly isVerbose: boolean
}

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 999,
  prepare: useOf,

  // HOT PATH: waits only for a body that has to be looked at.
  access(ctx, use) {
    const { request } = ctx
    let isJson = false
    if (use.checkBody !== null) {
      const kind = use.contentTypes.examine(request.headers.getAll('content-type'))
      if (kind === null) return ctx.exit(400, { message: 'specified Content-Type is not allowed' })
      isJson = kind === 'json'
    }
    const fault = use.parameters?.check(request) ?? null
    if (fault !== null) return refuse(ctx, use, "request param doesn't conform to schema", fault)
    return isJson && use.checkBody !== null ? checkBody(ctx, use, use.checkBody) : undefined
  },
})

function useOf(config: ConfigOf<typeof schema>): Use {
  const { body_schema: body, parameter_schema: parameters, version } = config
  const draft = version === 'kong' ? 'draft4' : version
  return {
    contentTypes: new ContentTypes(
      config.allowed_content_types,
      config.content_type_parameter_validation,
    ),
    checkBody: body === undefined ? null : bodyCheck(new SchemaText('body_schema', body), version),
    parameters: parameters === undefined ? null : new Parameters(parameters, draft),
    isVerbose: config.verbose_response,
  }
}

function bodyCheck(text: SchemaText, version: ConfigOf<typeof schema>['version']): Check {
  return version === 'kong' ? compileKongSchema(text) : compileJsonSchema(text, version)
}

const EMPTY_BODY = Buffer.from('{}')

function checkBody(ctx: AccessContext, use: Use, check: Check): Awaitable<Exit | undefined> {
  // Kong: no body is an object without members.
  if (ctx.request.bodyLength === 0) return judge(ctx, use, check, EMPTY_BODY)
  return ctx.request.readBody(MAX_FIELDS_BYTES).then((body) => {
    return judge(ctx, use, check, body.length === 0 ? EMPTY_BODY : body)
  })
}

function judge(ctx: AccessContext, use: Use, check: Check, body: Buffer): Exit | undefined {
  let value: unknown
  try {
    value = parseJsonBytes(body)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const detail = `request body is not valid JSON: ${error.message}`
    return refuse(ctx, use, 'request body is not valid JSON', detail)
  }
  const fault = check(value)
  if (fault === null) return undefined
  return refuse(ctx, use, "request body doesn't conform to schema", fault)
}

/** @param detail without any value of the client's */
function refuse(ctx: AccessContext, use: Use, message: string, detail: string): Exit {
  ctx.log.info({ detail }, message)
  return use.isVerbose ? ctx.error(400, detail) : ctx.exit(400, { message })
}
