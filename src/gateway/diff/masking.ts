// What may be shown of a value: a secret is not, wherever it stands. In doubt it counts as one.
import type { JSONSchema } from '../../../schemas/types.js'
import type { Draft } from '../../config/draft.js'
import { isSecret } from '../../config/faults.js'
import { isRecord } from '../../config/settle.js'
import type { FieldChange } from './difference.js'
import type { Side } from './side.js'
import { isSame, mapValues, type ValueChange } from './values.js'

export const MASK = '***'

/** Longer texts are cut: nobody reads on, and a certificate is not told apart by its end. */
const MAX_TEXT = 200

/** `https://user:password@host` */
const USER_IN_URL = /(\/\/)[^/?#\s]*@/g
/** `Authorization: Basic ...`, as lists of headers to add have it; also `name=value`. */
const NAMED_VALUE = /^([\w.-]+)(\s*[:=]\s*)(?=.)/s

/** As it may be shown, with no value where either side may be a secret. */
export function shownChange(
  { path, old, new: now }: ValueChange,
  draft: Draft,
  side: Side,
): FieldChange {
  const field = path.join('.')
  const before = masked(old)
  const after = masked(now)
  const isHidden = isSecretField(path, draft, side) && [old, now].some((value) => holdsText(value))
  // What differs may be in what is masked.
  if (isHidden || isSame(before, after)) return { field, isSecret: true }
  return {
    field,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    isSecret: false,
  }
}

function isSecretField(path: readonly string[], draft: Draft, side: Side): boolean {
  if (isSecret([draft.collection.name, ...path])) return true
  const [first, ...rest] = path
  const schema = first === 'config' ? side.specOf(draft)?.schema : draft.collection.schema
  return isReferenceable(schema ?? {}, first === 'config' ? rest : path)
}

/** Whether the schema takes a reference to a vault there, which it does where secrets are. */
function isReferenceable(schema: JSONSchema, path: readonly string[]): boolean {
  if (schema.referenceable === true) return true
  const { items } = schema
  if (isRecord(items) && isReferenceable(items, path)) return true
  const [step, ...rest] = path
  if (step === undefined) return false
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
  const own = Object.hasOwn(properties, step) ? properties[step] : schema.additionalProperties
  return isRecord(own) && isReferenceable(own, rest)
}

/** Switches and numbers are no secrets, whatever field they stand in: `hide_credentials`. */
function holdsText(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsText)
  return isRecord(value) ? Object.values(value).some(holdsText) : typeof value === 'string'
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value)
  if (Array.isArray(value)) return value.map(masked)
  if (!isRecord(value)) return value
  return mapValues(value, (item, key) => (isSecret([key]) && holdsText(item) ? MASK : masked(item)))
}

/** Also for what is no field: paths and hosts of examples. */
export function maskedText(text: string): string {
  const lines = text.trimEnd().split('\n').length
  // Code and templates, in which anything may stand.
  if (lines > 1) return `(text of ${lines} lines)`
  const [all, name = '', separator = ''] = NAMED_VALUE.exec(text) ?? []
  if (all !== undefined && isSecret([name])) return `${name}${separator}${MASK}`
  const shown = text.replace(USER_IN_URL, `$1${MASK}@`)
  return shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT)}…` : shown
}
