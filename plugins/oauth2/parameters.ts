// The parameters of a request: those of the query, and over them those of the body.
import { bodyKind, readFields, type ClientRequest } from 'gw/plugin'

/** No request of RFC 6749 comes near it. Kong reads none past 8 KB. */
export const MAX_BODY_BYTES = 64 * 1024

const NO_FIELDS: ReadonlyMap<string, unknown> = new Map()

export class Parameters {
  readonly #request: ClientRequest
  readonly #fields: ReadonlyMap<string, unknown>

  constructor(request: ClientRequest, fields: ReadonlyMap<string, unknown> | null) {
    this.#request = request
    this.#fields = fields ?? NO_FIELDS
  }

  /** A list for one that is given more than once, true for one without `=`, in JSON anything; undefined for none. */
  value(name: string): unknown {
    const field = this.#fields.get(name)
    if (field !== undefined && field !== null) return field
    const all = this.#request.query.getAll(name)
    return all.length > 1 ? all : all[0]
  }

  /** Undefined unless it is one text: what is given twice is not given (RFC 6749, 3.1). */
  text(name: string): string | undefined {
    const value = this.value(name)
    return typeof value === 'string' ? value : undefined
  }
}

export async function readParameters(request: ClientRequest): Promise<Parameters> {
  const type = request.headers.get('content-type')
  if (bodyKind(type) === null) return new Parameters(request, null)
  return new Parameters(request, readFields(type, await request.readBody(MAX_BODY_BYTES)))
}
