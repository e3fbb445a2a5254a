// What is sent to the admin listener: which kind of body it is, and its fields.
import { readFields } from '../../plugin/body-fields.js'
import { isRecord } from '../../config/settle.js'
import { message, page, PageRefusal, type PageRequest } from '../pages/page.js'

export type BodyKind = 'json' | 'form' | 'multipart' | 'yaml'

const KINDS: Readonly<Record<string, BodyKind>> = {
  'application/json': 'json',
  'application/x-www-form-urlencoded': 'form',
  'multipart/form-data': 'multipart',
  'application/yaml': 'yaml',
  'text/yaml': 'yaml',
}

export interface SentBody {
  readonly kind: BodyKind
  readonly text: string
  /** Of a JSON object or a form; none of YAML, which is a document as it stands. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Null when nothing was sent.
 * @throws PageRefusal: 415 for another type, 400 for what is not what it says, 413
 */
export async function readSent(
  request: PageRequest,
  accepted: readonly BodyKind[],
): Promise<SentBody | null> {
  const { headers } = request
  const contentType = headers['content-type']
  const length = headers['content-length'] ?? '0'
  if (contentType === undefined && length === '0' && headers['transfer-encoding'] === undefined) {
    return null
  }
  const kind = KINDS[contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '']
  if (kind === undefined || !accepted.includes(kind)) throw new PageRefusal(page(415))
  const bytes = await request.body()
  const text = bytes.toString('utf8')
  if (kind === 'yaml') return { kind, text, fields: {} }
  if (kind === 'json') return { kind, text, fields: jsonFields(text) }
  const fields = readFields(contentType, bytes)
  if (fields === null) throw new PageRefusal(message(400, 'Cannot parse body'))
  return { kind, text, fields: Object.fromEntries(fields) }
}

function jsonFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new PageRefusal(message(400, 'Cannot parse JSON body'))
  }
}
