// Tokens and codes: 32 characters by chance, 190 bits, that stand in a header or a URL as they are.
import { randomBytes } from 'node:crypto'

const CHARS = 32
const IS_ONE = /^[A-Za-z0-9]{32}$/

export function randomText(): string {
  let text = ''
  // Of 64 characters of base64 all but two are wanted; one pass is enough but for once in a lifetime.
  while (text.length < CHARS) text = randomBytes(36).toString('base64').replace(/[+/=]/g, '')
  return text.slice(0, CHARS)
}

/** Whether it may be one of these: what cannot be need not be looked for. */
export function isRandomText(text: string): boolean {
  return IS_ONE.test(text)
}
