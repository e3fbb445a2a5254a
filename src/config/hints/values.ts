// Values of the right type that break a rule: what would be right.
import { closest } from '../../util/closest.js'
import type { Clue } from './clue.js'

const RULES: readonly ((clue: Clue, text: string) => string | undefined)[] = [
  onUrl,
  onChoice,
  onPath,
  onHost,
  onMethod,
]

export function hintOnValue(clue: Clue): string | undefined {
  const { message, value, isSecret, entity } = clue
  if (message.startsWith('must set one of ')) {
    return 'a route must say what it matches; paths: [/] takes every request'
  }
  if (message === 'expected a valid UUID' && clue.field === 'id' && entity !== null) {
    return 'leave id out, and one is made'
  }
  if (/^protocols?$/.test(clue.field)) {
    const webSocket = onWebSocket(clue)
    if (webSocket !== undefined) return webSocket
  }
  if (message === 'expected a string' || typeof value !== 'string' || isSecret) return undefined
  if (message === 'length must be at least 1') return 'leave the field out to set nothing'
  for (const rule of RULES) {
    const hint = rule(clue, value.trim())
    if (hint !== undefined) return hint
  }
  return undefined
}

function onWebSocket({ message, value }: Clue): string | undefined {
  const found = /^unknown type: (wss?)$/.exec(message) ?? /^(wss?)(?::|$)/.exec(String(value))
  if (found === null) return undefined
  const instead = found[1] === 'ws' ? 'http' : 'https'
  return `Kong Enterprise only: ${instead} carries WebSockets as well`
}

function onChoice({ message, field }: Clue, text: string): string | undefined {
  if (!message.startsWith('expected one of: ') && !message.startsWith('unknown type')) {
    return undefined
  }
  if (field === 'policy' && text === 'cluster') return 'cluster needs a database; use redis'
  const choices = message.slice(message.indexOf(':') + 1).split(',')
  const meant = closest(
    text,
    choices.map((choice) => choice.trim()),
  )
  if (meant !== undefined) return `did you mean ${meant}?`
  return field === '_format_version' ? 'write _format_version: "3.0"' : undefined
}

/** Parts that a `url` should have had; the fault points to it. */
function onUrl({ entity, field }: Clue, text: string): string | undefined {
  if (entity?.fields.url !== text || entity.fields[field] !== undefined) return undefined
  return text.includes('://') ? undefined : 'a url begins with http:// or https://'
}

function onPath({ message, field, root }: Clue, text: string): string | undefined {
  if (field === 'url' && message.startsWith('must not')) return undefined
  if (message.startsWith('should start with: /')) {
    if (text.startsWith('~~/')) return oldRegex(root)
    if (/^[a-z]+:\/\//.test(text)) return 'write the path alone; hosts have a field of their own'
    if (/^\^?\/|[\\()[\]^$]/.test(text)) {
      return `for a regular expression write ~/${text.replace(/^[~^/]+/, '')}`
    }
    return /^[\w.~/-]+$/.test(text) ? `write /${text}` : undefined
  }
  if (message.startsWith('must not have empty segments'))
    return 'write one slash where there are two'
  return undefined
}

/** The path has been brought to format 3.0 by now, and has got a second tilde. */
function oldRegex({ _format_version: version }: Clue['root']): string {
  return (
    `format ${typeof version === 'string' ? version : '2.1'} has no ~ before a regular expression: ` +
    'say _format_version: "3.0", or take the ~ away'
  )
}

function onHost({ message, field, entity }: Clue, text: string): string | undefined {
  const isService = entity?.collection.name === 'services'
  if (field === 'url' || (isService && /^(?:required field missing|should start)/.test(message))) {
    return undefined
  }
  if (!/host|target|name/.test(field)) return undefined
  if (!/invalid|must not have a port|not a valid|no port/i.test(message)) return undefined
  if (/^[a-z]+:\/\//i.test(text)) {
    return isService ? 'write the whole address as url' : 'write the host name alone'
  }
  if (field !== 'target' && /^[\w.-]+:[0-9]+$/.test(text)) {
    return isService ? 'write the port into port' : 'write the name without the port'
  }
  if (/^[\w.-]+\//.test(text)) return 'write the host name alone; paths have a field of their own'
  if (field === 'name' && /\s/.test(text)) return 'write - or _ where there is a space'
  return undefined
}

function onMethod({ message, field }: Clue, text: string): string | undefined {
  const isMethod = field === 'methods' && message.startsWith('invalid value')
  return isMethod && /^[a-z]+$/i.test(text)
    ? `write it in capitals: ${text.toUpperCase()}`
    : undefined
}
