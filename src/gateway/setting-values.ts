// How values of settings are written, whatever they set.
import { isIP } from 'node:net'
import { parseSize, parseTime } from '../util/nginx-values.js'

/** What stands between commas; empty entries do not count. */
export function list(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/**
 * @param name the setting, for the message
 * @throws Error in Kong's words
 */
export function onOff(name: string, value: string): boolean {
  if (value === 'on' || value === 'true') return true
  if (value === 'off' || value === 'false') return false
  throw new Error(`${name} has an invalid value: '${value}' (on, off)`)
}

/** @throws Error in Kong's words */
export function wholeNumber(name: string, value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`${name} is not a number: '${value}'`)
  return number
}

/** @throws Error in Kong's words */
export function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) {
    throw new Error(`${name} has an invalid value: '${value}' (${choices.join(', ')})`)
  }
  return chosen
}

/** @throws Error that says how a time is written */
export function time(text: string): number {
  const ms = parseTime(text)
  if (ms === null) throw new Error(`'${text}' is not a time: write 60s, 1m, 500ms, or seconds`)
  return ms
}

/** @throws Error that says how a size is written */
export function size(text: string): number {
  const bytes = parseSize(text)
  if (bytes === null) throw new Error(`'${text}' is not a size: write 8k, 10m, 1g, or bytes`)
  return bytes
}

/**
 * False for `unix:`, which Kong takes as well: no listener here is a unix socket.
 * @throws Error in Kong's words
 */
export function isBlock(block: string): boolean {
  if (block === 'unix:') return false
  const [address = '', bits, ...rest] = block.split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (family === 0 || !isRange || rest.length > 0)
    throw new Error(`invalid ip or cidr range: '${block}'`)
  return true
}
