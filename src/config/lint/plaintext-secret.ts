// Secrets that stand in the file, where a reference to a vault would do. What they are is never shown.
import type { JSONSchema } from '../../../schemas/types.js'
import { isVaultReference } from '../../util/vault-reference.js'
import { isSecret } from '../faults.js'
import type { Finding } from './rule.js'
import { SchemaTexts, type SchemaText } from './schema-texts.js'
import type { LintView } from './view.js'

// `$NAME`, `${NAME}`, `{{ name }}`, `%NAME%`: put in by another tool before the gateway reads the file.
const PLACEHOLDER = /^(?:\$[A-Za-z_]\w*|\$\{+[^{}]*\}+|\{\{.*\}\}|%\w+%)$/s

// What is masked in reports, but opens nothing by itself.
const NAMES_ALONE: ReadonlySet<string> = new Set([
  'account_email',
  'aws_access_key_id',
  'aws_assume_role_arn',
  'clientid',
  'eab_kid',
])

const URL_WITHOUT_USER = /^[a-z]+:\/\/[^/?#@]*(?:[/?#]|$)/i

// What only a private key has (RFC 7518, 6): d, or k of a symmetric one.
const PRIVATE_JWK = /"[dk]"\s*:/

const referenceable = new SchemaTexts((schema) => schema.referenceable === true)

export function plaintextSecret(view: LintView): Finding[] {
  const ofEntities = view.drafts.flatMap(({ collection, fields, path }) =>
    plaintextSecrets(collection.schema, fields).map((found) => ({
      ...found,
      path: [...path, ...found.path],
    })),
  )
  const ofPlugins = view.uses.flatMap(({ plugin, config, path }) =>
    plaintextSecrets(plugin.schema, config).map((found) => ({
      ...found,
      path: [...path, 'config', ...found.path],
    })),
  )
  return [...ofEntities, ...ofPlugins]
}

/** Paths are below the value. */
export function plaintextSecrets(schema: JSONSchema, value: unknown): Finding[] {
  return referenceable
    .in(schema, value)
    .filter(isPlaintextSecret)
    .map(({ path, field }) => ({
      path,
      message: 'a secret stands here in plain text',
      hint: `${field} also takes a reference, such as {vault://env/NAME} for an environment variable`,
    }))
}

function isPlaintextSecret({ text, field, isReferenceable }: SchemaText): boolean {
  if (!isReferenceable || !isSecret([field]) || field.startsWith('public')) return false
  if (NAMES_ALONE.has(field) || URL_WITHOUT_USER.test(text)) return false
  if (text === '' || isVaultReference(text) || PLACEHOLDER.test(text.trim())) return false
  return field !== 'jwk' || PRIVATE_JWK.test(text)
}
