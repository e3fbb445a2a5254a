// From what the plugin found out about a token to words for each check, in the order in which they are made.
import type { Examination } from '../../../plugins/index.js'
import { valueText } from '../diff/shown.js'
import type { CheckShown } from './report.js'

/** The order of the plugin's own steps. */
const STEPS = ['token', 'key', 'credential', 'algorithm', 'secret', 'signature'] as const
type StepName = (typeof STEPS)[number]

export function checksOf(found: Examination, nowMs: number): CheckShown[] {
  const failed = STEPS.findIndex((name) => name === found.step)
  const checks = STEPS.map((name, index): CheckShown => {
    if (failed >= 0 && index > failed) return { name, isRight: null, text: 'not looked at' }
    return index === failed
      ? { name, isRight: false, text: faultText(name, found) }
      : { name, isRight: true, text: rightText(name, found) }
  })
  return [...checks, timeCheck('exp', found, nowMs), timeCheck('nbf', found, nowMs)]
}

function rightText(name: StepName, { key, keyClaim, algorithm, credential }: Examination): string {
  switch (name) {
    case 'token':
      return 'three parts, with JSON in the first two'
    case 'key':
      return `${keyClaim} is ${valueText(key)}`
    case 'credential':
      return `belongs to ${consumerText(credential)}`
    case 'algorithm':
      return `${String(algorithm)}, as the credential has it`
    case 'secret':
      return isHmac(algorithm) ? 'the credential has a secret' : 'the credential has a public key'
    case 'signature':
      return 'is that of the credential'
  }
}

function faultText(name: StepName, found: Examination): string {
  const { key, keyClaim, algorithm, credential, body } = found
  switch (name) {
    case 'token':
      return tokenFault(found)
    case 'key':
      return key === undefined
        ? `neither the claims nor the header of the token have ${keyClaim}`
        : `${keyClaim} is ${valueText(key)}, not a text that could name a credential`
    case 'credential':
      return `no jwt_secrets entry has the key ${valueText(key)}`
    case 'algorithm':
      return `the token says ${String(algorithm)}, the credential is for ${String(credential?.algorithm)}`
    case 'secret':
      return isHmac(algorithm)
        ? 'secret_is_base64 is set, and the secret of the credential is no base64'
        : 'the credential has no rsa_public_key'
    case 'signature':
      return `${body?.message ?? ''}: made with another key, or the token was changed`
  }
}

function tokenFault({ header, claims, body }: Examination): string {
  const message = body?.message ?? ''
  if (message.endsWith('JSON')) {
    const broken =
      header === undefined ? 'the first part' : claims === undefined ? 'the second' : ''
    return `${message}: ${broken} is no JSON in base64url, or there are fewer than three parts`
  }
  if (message.endsWith('alg')) {
    return `${message}: alg is ${valueText(fieldOf(header, 'alg'))}, which is none that can be verified`
  }
  return message
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

function isHmac(algorithm: string | null): boolean {
  return algorithm?.startsWith('HS') ?? false
}

export function consumerText(credential: Examination['credential']): string {
  if (credential === null) return 'nobody'
  const { username, custom_id, id } = credential.consumer
  return `consumer ${valueText(username ?? custom_id ?? id)}`
}

/** Times are told also where nobody asks for them: a token that has expired and passes is worth a look. */
function timeCheck(name: 'exp' | 'nbf', found: Examination, nowMs: number): CheckShown {
  const { step, body, times } = found
  const text = timeText(times[name], nowMs)
  if (step !== 'times' && step !== 'accepted') return { name, isRight: null, text: 'not looked at' }
  const fault = body?.[name]
  if (fault !== undefined) {
    const limit = fault.startsWith('exceeds')
      ? `; maximum_expiration is ${times.maximumExpiration} seconds`
      : ''
    return { name, isRight: false, text: `${fault}: ${text}${limit}` }
  }
  return times.verified.includes(name)
    ? { name, isRight: true, text }
    : { name, isRight: null, text: `${text}; claims_to_verify does not ask` }
}

/** `2030-01-01T00:00:00Z, in 3 days` */
export function timeText(claim: unknown, nowMs: number): string {
  if (typeof claim !== 'number') return claim === undefined ? 'missing' : valueText(claim)
  const date = new Date(claim * 1000)
  // Beyond what a date can be.
  if (Number.isNaN(date.getTime())) return String(claim)
  const seconds = Math.round((date.getTime() - nowMs) / 1000)
  const distance = distanceText(Math.abs(seconds))
  const when = seconds === 0 ? 'now' : seconds > 0 ? `in ${distance}` : `${distance} ago`
  return `${date.toISOString().replace('.000', '')}, ${when}`
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function distanceText(seconds: number): string {
  // In a unit of which there are at least two.
  const [name, length] = UNITS.find(([, unit]) => seconds >= 2 * unit) ?? ['second', 1]
  const count = Math.floor(seconds / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
