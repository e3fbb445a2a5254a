// Base64url (RFC 4648, 5), strictly.

/**
 * The bytes, or null for what is not the one right way to write them: other characters, a length that cannot be, bits that
 * are left over and not 0. Otherwise a signature could be written in several ways, and pass wherever texts are compared.
 * Padding alone may be there or not, for many write it.
 */
export function decodeBase64url(text: string): Buffer | null {
  const isPadded = text.length % 4 === 0 && text.endsWith('=')
  const digits = isPadded ? text.replace(/={1,2}$/, '') : text
  const bytes = Buffer.from(digits, 'base64url')
  return bytes.toString('base64url') === digits ? bytes : null
}
