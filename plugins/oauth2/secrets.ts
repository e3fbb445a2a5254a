// Whether a secret is that of a client: as it is, or against the PBKDF2 hash that `hash_secret` has made of it.
import { hash, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { decodeBase64, equalSecrets, StoreError, type Credential } from 'gw/plugin'

const derive = promisify(pbkdf2)

/** Hashes are made on the threads that also look up names and read files; so many leave room for those. */
const MAX_RUNNING = 2
/** Who would wait longer than some seconds is told to come again. */
const MAX_WAITING = 500
/** Verdicts that are remembered, right and wrong ones. */
const MAX_KNOWN = 2_000

// $pbkdf2-sha512$i=10000,l=32$SALT$HASH, base64 without padding (kong/plugins/oauth2/secret.lua).
const PHC =
  /^\$pbkdf2-(sha1|sha224|sha256|sha384|sha512)\$i=(\d{1,7}),l=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const known = new Map<string, boolean>()
const waiting: (() => void)[] = []
let running = 0

/** Rejects with StoreError when too many wait. */
export async function isSecretOf(client: Credential, given: string): Promise<boolean> {
  const { client_secret: kept, hash_secret: isHashed } = client
  if (typeof kept !== 'string') return false
  if (isHashed !== true) return equalSecrets(Buffer.from(given), Buffer.from(kept))
  // A digest of both: the secret itself is not kept.
  const key = hash('sha256', JSON.stringify([kept, given]), 'base64')
  const verdict = known.get(key) ?? (await inTurn(() => isHashOf(kept, given)))
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(key, verdict)
  return verdict
}

async function isHashOf(phc: string, given: string): Promise<boolean> {
  const found = PHC.exec(phc)
  if (found === null) return false
  const [, digest = '', iterations, , saltText = '', hashText = ''] = found
  const salt = decodeBase64(saltText)
  const expected = decodeBase64(hashText)
  if (salt === null || expected === null) return false
  const made = await derive(given, salt, Number(iterations), expected.length, digest)
  return equalSecrets(made, expected)
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) throw StoreError.of('too many secrets wait to be verified')
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    // Whoever waits takes the place over.
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}
