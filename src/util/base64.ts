// Base64 as nginx reads it, which is what Kong's plugins give it to.

const DIGITS = /^[A-Za-z0-9+/]*$/

/** The bytes, or null for what is no base64. Padding may be left out; what follows it is not looked at. */
export function decodeBase64(text: string): Buffer | null {
  const end = text.indexOf('=')
  const digits = end < 0 ? text : text.slice(0, end)
  if (digits.length % 4 === 1 || !DIGITS.test(digits)) return null
  return Buffer.from(digits, 'base64')
}
