// A fault while it is still a path into the document, and how it becomes a Problem that names a line.
import type { Problem } from '../errors/config-error.js'
import type { Document } from './document.js'
import type { DocumentPath } from './places.js'

export interface Fault {
  readonly path: DocumentPath
  readonly message: string
  readonly hint?: string
  /** For a warning the rule that gives it, as in `shadowed-route`. */
  readonly rule?: string
  /** `key` for a fault of the field itself, such as one that does not exist. */
  readonly part?: 'key' | 'value'
  /** Where to point when the field itself is not in the file, such as the `host` of a `url`. */
  readonly place?: DocumentPath
}

/** Takes the faults of one entity; paths are below that entity. */
export type Report = (fault: Fault) => void

/** Where a fault points to. */
export function placeOf({ path, place }: Fault): DocumentPath {
  return place ?? path
}

/** A fault of an entry of a map: Kong files it under the map; the entry is the better place to point at. */
export function inMap(path: DocumentPath, message: string): Fault {
  return { path: path.slice(0, -1), message, place: path }
}

/** In file order. */
export function toProblems(faults: readonly Fault[], document: Document, file: string): Problem[] {
  const problems = faults.map((fault): Problem => {
    const { path, message, hint, rule, part = 'value' } = fault
    const { line, column } = document.place(placeOf(fault), part)
    return {
      ...{ file, path: formatPath(path), steps: path, line, column, message },
      ...(hint === undefined ? {} : { hint }),
      ...(rule === undefined ? {} : { rule }),
      ...(isSecret(placeOf(fault)) && !isSecret(path) ? { hidesValue: true } : {}),
    }
  })
  return problems.sort((a, b) => a.line - b.line || a.column - b.column)
}

/** `services[0].routes[1].paths[0]` */
export function formatPath(path: DocumentPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

// Collections whose entries prove who somebody is, and fields that do so anywhere.
const SECRET_STEP =
  /^(?:keyauth_credentials|jwt_secrets|basicauth_credentials|hmacauth_credentials|oauth2_[a-z_]+|certificates|keys)$/
const SECRET_FIELD =
  /^(?:.*[_-])?(?:key|secret|password|passwd|token|credentials?|pem|jwk|authorization)$/i
/** Names that do not tell, of fields that Kong encrypts, and of a URL that may have a password in it. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'account_email',
  'apikey',
  'aws_access_key_id',
  'aws_assume_role_arn',
  'clientid',
  'eab_kid',
  'gcp_service_account_json',
  'header_value',
  'http_endpoint',
  'param_value',
  'secret_v1',
])

/** Whether what stands at that path may be a secret, which no message and no excerpt may show. */
export function isSecret(path: DocumentPath): boolean {
  // `auth` is the old name of a Redis password, but also a record around fields that are no secrets.
  if (path.at(-1) === 'auth') return true
  return path.some(
    (step) =>
      typeof step === 'string' &&
      (SECRET_STEP.test(step) || SECRET_FIELD.test(step) || SECRET_NAMES.has(step)),
  )
}

/** A value for a message: what was written, or a mask where that may be a secret. */
export function shown(value: unknown, path: DocumentPath): string {
  return isSecret(path) ? '***' : String(value)
}
