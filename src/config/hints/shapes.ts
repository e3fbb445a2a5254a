// Lists, maps and texts in each other's place.
import { isRecord } from '../settle.js'
import type { Clue } from './clue.js'

export function hintOnShape(clue: Clue): string | undefined {
  const { message, value } = clue
  if (/^expected (?:an array|a set)$/.test(message)) return writeList(clue)
  if (message.startsWith('expected a string')) return writeText(clue)
  if (/^expected a (?:record|map)$/.test(message)) return writeMap(clue)
  if (message === 'unknown field' && isRecord(value) && clue.field.includes(' ')) {
    return 'a colon followed by a space starts a map; put quotes around text that has one'
  }
  return undefined
}

function writeList({ value, isSecret }: Clue): string | undefined {
  if (isRecord(value)) return 'write a list: begin each entry with a dash'
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const items = String(value)
    .split(',')
    .map((item) => item.trim())
  const isShort = !isSecret && items.every((item) => /^[\w./~*-]+$/.test(item))
  return isShort ? `write a list: [${items.join(', ')}]` : 'write a list: [...]'
}

function writeText({ value, isSecret, path }: Clue): string | undefined {
  if (Array.isArray(value)) return 'write one value, not a list'
  if (!isRecord(value)) return undefined
  const [[key, inner] = ['', null], ...more] = Object.entries(value)
  if (key === '' || more.length > 0) return undefined
  if (key.startsWith('vault://')) {
    return `put quotes around the reference: "{${isSecret ? 'vault://...' : key}}"`
  }
  if (isRecord(inner) || key === '[object Object]') {
    return 'text that begins with { needs quotes around it'
  }
  // `- X-Name: value` in a list of texts: the two halves of what plugins want as one.
  if (typeof path.at(-1) !== 'number') return undefined
  // What is no name may be the whole of it, secret included.
  const half = isSecret || key.length > 60 || !/^[\w.-]+$/.test(key) ? 'name' : key
  return `put quotes around the whole, without the space: "${half}:value"`
}

function writeMap({ value, path, entity }: Clue): string | undefined {
  if (Array.isArray(value)) {
    return value.every((item) => isRecord(item))
      ? 'write a map: take away the dashes'
      : 'write a map: one `name: value` on each line, without dashes'
  }
  if (typeof value === 'string' && typeof path.at(-1) === 'number' && entity !== null) {
    const key = entity.collection.endpointKey
    return key === null ? undefined : `write the fields of each entry, as in "- ${key}: ..."`
  }
  return undefined
}
