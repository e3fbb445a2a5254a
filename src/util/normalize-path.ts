// A path in the one form in which paths are compared (Kong: kong.tools.uri.normalize with slashes merged).

// RFC 3986, 2.2, and %: an escape of these means something else than the character itself, so it stays.
const RESERVED = new Set("!*'();:@&=+$,/?%#[]")
const TRIPLETS = /(?:%[0-9a-fA-F]{2})+/g

/**
 * Decodes escapes of all but reserved characters, upper-cases the others, resolves dot segments (RFC 3986, 5.2.4),
 * merges runs of slashes. Escapes that are no UTF-8 stay escapes.
 */
export function normalizePath(path: string): string {
  let normal = path
  if (normal.includes('%')) normal = normal.replace(TRIPLETS, decodeRun)
  if (normal.includes('/.')) normal = removeDotSegments(normal)
  return normal.includes('//') ? normal.replace(/\/{2,}/g, '/') : normal
}

function decodeRun(run: string): string {
  let out = ''
  let bytes: number[] = []
  const flush = () => {
    if (bytes.length > 0) out += decodeBytes(bytes)
    bytes = []
  }
  for (let i = 0; i < run.length; i += 3) {
    const byte = Number.parseInt(run.slice(i + 1, i + 3), 16)
    if (RESERVED.has(String.fromCharCode(byte))) {
      flush()
      out += run.slice(i, i + 3).toUpperCase()
    } else {
      bytes.push(byte)
    }
  }
  flush()
  return out
}

function decodeBytes(bytes: number[]): string {
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.includes('\uFFFD')) return text
  return bytes
    .map((byte) =>
      byte < 0x80
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`,
    )
    .join('')
}

function removeDotSegments(path: string): string {
  const out: string[] = []
  const segments = path.split('/')
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    if (segment === '..') {
      // The first element is what stands before the first slash, and is never taken away.
      if (out.length > 1) out.pop()
      if (isLast) out.push('')
    } else if (segment === '.') {
      if (isLast) out.push('')
    } else {
      out.push(segment)
    }
  }
  return out.join('/')
}
