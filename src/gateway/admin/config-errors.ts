// A refused declarative document, as Kong's Admin API says it (kong/db/errors.lua).
import type { Problem } from '../../errors/config-error.js'
import { readDocument } from '../../config/document.js'
import { isSecretField } from '../../config/masks.js'
import { isRecord } from '../../config/settle.js'
import { ConfigError } from '../../errors/config-error.js'
import type { ConfigText } from '../../config/index.js'
import { fileFaults, toJson, type FaultAt } from './fault-tree.js'
import { flattenErrors } from './flattened-errors.js'
import { luaLine } from './lua-text.js'

export interface ConfigErrorOptions {
  /** `flattened_errors` as well: what stands there stands no more in `fields`. */
  readonly isFlat: boolean
  /** Beyond Kong, a list `problems` with lines, columns and hints. */
  readonly hasPlaces: boolean
}

/** The body of a 400. */
export function describeConfigError(
  { problems }: ConfigError,
  source: ConfigText,
  { isFlat, hasPlaces }: ConfigErrorOptions,
): object {
  let read: { readonly document: unknown } | undefined
  // Few answers need it: a document may be large.
  const document = (): unknown => (read ??= { document: documentOf(source) }).document
  const faults = problems.map((problem) => faultOf(problem, document))
  const flat = isFlat ? flattenErrors(faults, document()) : null
  const tree = fileFaults(flat?.rest ?? faults)
  return {
    code: 14,
    name: 'invalid declarative configuration',
    message: `declarative config is invalid: ${luaLine(tree)}`,
    fields: toJson(tree),
    ...(flat === null ? {} : { flattened_errors: flat.errors }),
    ...(hasPlaces ? { problems: problems.map(placed) } : {}),
  }
}

function placed({ path, line, column, message, hint }: Problem): object {
  return { path, line, column, message, ...(hint === undefined ? {} : { hint }) }
}

/** As it was sent; null for what cannot be read. */
function documentOf({ text, file, format }: ConfigText): unknown {
  try {
    return readDocument(text, file, format).value
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

function faultOf({ steps, path, message }: Problem, document: () => unknown): FaultAt {
  const place = steps ?? [path === '' ? 'error' : path]
  return { steps: place, message: unmasked(message, place, document) }
}

const MASKED =
  /^(uniqueness violation: '(\w+)' entity with (\w+) set to ')\*{3}(' already declared)$/

/** Kong names what is there twice: an issuer, a user name, a key of key-auth. It goes back to whoever has just sent it. */
function unmasked(message: string, steps: FaultAt['steps'], document: () => unknown): string {
  const [, before = '', collection = '', field = '', after = ''] = MASKED.exec(message) ?? []
  if (field === '' || isSecretField(collection, field)) return message
  const value = steps.reduce(memberOf, document())
  const secret = isRecord(value) ? value[field] : undefined
  return typeof secret === 'string' ? `${before}${secret}${after}` : message
}

function memberOf(around: unknown, step: string | number): unknown {
  if (typeof step === 'number')
    return Array.isArray(around) ? (around as unknown[])[step] : undefined
  return isRecord(around) && Object.hasOwn(around, step) ? around[step] : undefined
}
