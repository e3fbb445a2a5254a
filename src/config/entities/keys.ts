// What keys and vaults need beyond their schemas.
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { VAULTS } from '../../../schemas/vault.js'
import { isVaultReference } from '../../util/vault-reference.js'
import type { Fields } from './collection.js'
import type { Report } from '../faults.js'
import { readPrivateKey, readPublicKey } from '../../util/pem.js'
import { isRecord } from '../settle.js'

const KINDS: readonly string[] = VAULTS

/** Kong's rules for a vault hang on its kind; without a known one it says no more. */
export function readVault({ name }: Fields, report: Report): boolean {
  if (typeof name !== 'string' || name === '' || KINDS.includes(name)) return true
  report({ path: ['name'], message: `vault '${name}' is not installed` })
  return false
}

export function checkVault({ prefix }: Fields, report: Report): void {
  if (typeof prefix !== 'string' || !KINDS.includes(prefix)) return
  report({ path: ['prefix'], message: `must not be one of: ${KINDS.join(', ')}` })
}

export function checkKey({ jwk, pem, kid }: Fields, report: Report): void {
  const hasJwk = (jwk ?? null) !== null
  const hasPem = (pem ?? null) !== null
  if (!hasJwk && !hasPem) {
    report({
      path: [],
      message: "at least one of these fields must be non-empty: 'pem', 'jwk'",
    })
  } else if (hasJwk && hasPem) {
    report({ path: [], message: "only one or none of these fields must be set: 'pem', 'jwk'" })
  }
  if (typeof jwk === 'string' && jwk !== '' && !isVaultReference(jwk)) {
    const message = jwkFault(jwk, kid)
    if (message !== undefined) report({ path: [], message, place: ['jwk'] })
  }
  if (isRecord(pem)) {
    const message = pemFault(pem)
    if (message !== undefined) report({ path: ['pem'], message })
  }
}

function jwkFault(text: string, kid: unknown): string | undefined {
  let jwk: unknown
  try {
    jwk = JSON.parse(text)
  } catch {
    return 'could not json decode jwk string'
  }
  if (!isRecord(jwk)) return 'could not json decode jwk string'
  if (jwk.kid !== kid) return 'kid in jwk.kid must be equal to keys.kid'
  return isJwk(jwk) ? undefined : 'could not load JWK, likely not a valid key'
}

function isJwk(jwk: JsonWebKey): boolean {
  if (jwk.kty === 'oct') return typeof jwk.k === 'string' && jwk.k !== ''
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

function pemFault({
  private_key: privateText,
  public_key: publicText,
}: Fields): string | undefined {
  const [privateKey, publicKey] = [privateText ?? null, publicText ?? null]
  if (privateKey === null && publicKey === null) {
    return "at least one of these fields must be non-empty: 'private_key', 'public_key'"
  }
  if (isReference(privateKey) || isReference(publicKey)) return undefined
  const readPrivate = readPrivateKey(privateKey)
  const readPublic = readPublicKey(publicKey)
  if (typeof publicKey === 'string' && readPublic === undefined) return 'could not load public key'
  if (typeof privateKey === 'string' && readPrivate === undefined) {
    return 'could not load private key'
  }
  if (typeof privateKey !== 'string' || readPublic === undefined) return undefined
  const isPair = readPublicKey(privateKey)?.equals(readPublic) ?? false
  return isPair ? undefined : 'public key does not match private key'
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && isVaultReference(value)
}
