// The certificates that are shown to clients and targets, with secrets in the place of references, and the names they are
// shown for; and the authorities that targets are held against.
import type { ServedCertificate } from '../model/entities.js'
import { isVaultReference } from '../util/vault-reference.js'
import type { Draft } from './draft.js'
import { checkCertificate } from './entities/certificates.js'
import type { Fields } from './entities/collection.js'
import { formatPath, type Fault } from './faults.js'
import { checkSchema } from './schema-check.js'
import type { Secrets } from './vault-secrets.js'
import { isRecord } from './settle.js'

export interface ServedCertificates {
  /** In file order; without those that hang on secrets which nobody has given. */
  readonly certificates: readonly ServedCertificate[]
  /** Of what references lead to; all else has been checked as it was read. */
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
}

const REFERENCEABLE = ['cert', 'key', 'cert_alt', 'key_alt'] as const

/**
 * @param drafts resolved
 * @param secrets null: references are right by their form alone, and what hangs on them is left out
 */
export function servedCertificates(
  drafts: readonly Draft[],
  secrets: Secrets | null,
): ServedCertificates {
  const names = namesByCertificate(drafts)
  const certificates: ServedCertificate[] = []
  const faults: Fault[] = []
  const warnings: Fault[] = []
  for (const draft of drafts) {
    if (draft.collection.name !== 'certificates') continue
    const references = REFERENCEABLE.filter((field) => isReference(draft.fields[field]))
    if (references.length > 0 && secrets === null) continue
    const fields = secrets === null ? draft.fields : fillIn(draft, references, secrets, warnings)
    if (references.some((field) => fields[field] === '')) {
      const message = 'it is left out, and its names get another certificate'
      warnings.push({ path: draft.path, message })
      continue
    }
    if (references.length > 0) faults.push(...faultsOf(draft, fields))
    certificates.push({
      id: draft.id,
      place: formatPath(draft.path),
      cert: String(fields.cert),
      key: String(fields.key),
      cert_alt: textOrNull(fields.cert_alt),
      key_alt: textOrNull(fields.key_alt),
      names: names.get(draft) ?? [],
    })
  }
  return { certificates, faults, warnings }
}

/** Whom services may trust, PEM by id. */
export function authoritiesOf(drafts: readonly Draft[]): ReadonlyMap<string, string> {
  return new Map(
    drafts
      .filter(({ collection }) => collection.name === 'ca_certificates')
      .map(({ id, fields }) => [id, String(fields.cert)]),
  )
}

function namesByCertificate(drafts: readonly Draft[]): ReadonlyMap<Draft, string[]> {
  const names = new Map<Draft, string[]>()
  for (const { collection, fields, references } of drafts) {
    if (collection.name !== 'snis' || typeof fields.name !== 'string') continue
    const reference = references.get('certificate')
    if (reference?.kind !== 'resolved') continue
    const own = names.get(reference.draft)
    if (own === undefined) names.set(reference.draft, [fields.name])
    else own.push(fields.name)
  }
  return names
}

function fillIn(
  { fields, path }: Draft,
  references: readonly string[],
  secrets: Secrets,
  warnings: Fault[],
): Fields {
  if (references.length === 0) return fields
  const paths = references.map((field) => [field])
  const filled = secrets.fillIn(fields, paths, path, warnings)
  return isRecord(filled) ? filled : fields
}

/** The checks of the entity, now that what it refers to is known. */
function faultsOf({ collection, path }: Draft, fields: Fields): Fault[] {
  const faults = [...checkSchema(collection.schema, { ...fields }).faults]
  checkCertificate(fields, (fault) => faults.push(fault))
  return faults.map((fault) => ({
    ...fault,
    path: [...path, ...fault.path],
    ...(fault.place !== undefined && { place: [...path, ...fault.place] }),
  }))
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && isVaultReference(value)
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
