// A fault while it is still a path into the document, and how it becomes a Problem that names a line.
import type { Problem } from '../errors/config-error.js'
import type { Document } from './document.js'
import type { DocumentPath } from './places.js'

export interface Fault {
  readonly path: DocumentPath
  readonly message: string
  readonly hint?: string
  /** `key` for a fault of the field itself, such as one that does not exist. */
  readonly part?: 'key' | 'value'
  /** Where to point when the field itself is not in the file, such as the `host` of a `url`. */
  readonly place?: DocumentPath
  /** The name of a warning. */
  readonly rule?: string
}

/** Takes the faults of one entity; paths are below that entity. */
export type Report = (fault: Fault) => void

/** In file order. */
export function toProblems(faults: readonly Fault[], document: Document, file: string): Problem[] {
  const problems = faults.map(({ path, message, hint, part = 'value', place, rule }): Problem => {
    const { line, column } = document.place(place ?? path, part)
    const found = { file, path: formatPath(path), line, column, message }
    return {
      ...found,
      ...(hint === undefined ? {} : { hint }),
      ...(rule === undefined ? {} : { rule }),
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
const SECRET_FIELD = /^(?:.*[_-])?(?:key|secret|password|passwd|token|credentials?|pem|jwk)$/i

/** Whether what stands at that path may be a secret, which no message and no excerpt may show. */
export function isSecret(path: DocumentPath): boolean {
  return path.some(
    (step) => typeof step === 'string' && (SECRET_STEP.test(step) || SECRET_FIELD.test(step)),
  )
}

/** A value for a message: what was written, or a mask where that may be a secret. */
export function shown(value: unknown, path: DocumentPath): string {
  return isSecret(path) ? '***' : String(value)
}
