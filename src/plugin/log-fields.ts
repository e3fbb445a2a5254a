// Fields that plugins add to the log record of a request (Kong: kong.log.set_serialize_value).
import { contextKey, type RequestContext } from './contract.js'

const FIELDS = contextKey<Map<string, unknown>>('log fields')
const NONE: ReadonlyMap<string, unknown> = new Map()

/** Adds a field to the record that log plugins write; a later value replaces an earlier one. */
export function addLogField(ctx: RequestContext, name: string, value: unknown): void {
  let fields = ctx.get(FIELDS)
  if (fields === undefined) {
    fields = new Map()
    ctx.set(FIELDS, fields)
  }
  fields.set(name, value)
}

/** What has been added so far, for plugins that write records. */
export function logFields(ctx: RequestContext): ReadonlyMap<string, unknown> {
  return ctx.get(FIELDS) ?? NONE
}
