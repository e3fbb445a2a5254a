// Variables and template marks that nobody has filled in: `${VAR}`, `${{ env "X" }}`, `$remote_addr`.
import type { Document } from '../document.js'
import type { Fault } from '../faults.js'
import type { DocumentPath } from '../places.js'
import { isRecord } from '../settle.js'
import type { Clue } from './clue.js'

const EXPAND = 'run with --expand-env, or fill it in before the file is read'
// `$VAR` only as the whole value: a dollar has other meanings inside a text.
const VARIABLE =
  /\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-?+=][^{}]*)?\}|\$\{\{[^{}]*\}\}|^\$[A-Z_][A-Z0-9_]*$/
// In a text that is wrong anyway, a dollar and a name are reason enough.
const BARE_VARIABLE = /\$[A-Z_][A-Z0-9_]+/
const TEMPLATE = /\{\{[^{}]*\}\}|^__[A-Z0-9_]+__$|<[A-Z][A-Z0-9_ ]*>/
const NGINX =
  /\$(?:remote_addr|remote_user|host|hostname|request_uri|request_method|uri|scheme|args|query_string|server_name|server_addr|server_port|proxy_add_x_forwarded_for|http_[a-z0-9_]+|arg_[a-z0-9_]+|cookie_[a-z0-9_]+)\b/

export function hintOnPlaceholder({ value, message }: Clue): string | undefined {
  // What is not known at all is not made known by a value.
  if (typeof value !== 'string' || message === 'unknown field') return undefined
  if (VARIABLE.test(value) || BARE_VARIABLE.test(value)) {
    return `a variable that was not expanded: ${EXPAND}`
  }
  if (NGINX.test(value)) return 'variables of nginx are not read here; write the value'
  if (TEMPLATE.test(value)) return 'a placeholder that was not filled in; write the value'
  return undefined
}

// Their text is code, in which a dollar is the code's own.
const CODE_FIELD = /^(?:certificate|access|rewrite|header_filter|body_filter|log|.*_by_lua)$/

/** Warns of variables in texts that are right as they stand, so that nothing else would tell. */
export function unexpandedVariables({ value }: Document): Fault[] {
  const found: Fault[] = []
  const path: (string | number)[] = []
  const look = (text: string): void => {
    // One cheap look spares nearly all texts the patterns.
    if (!text.includes('$') || isCode(path)) return
    const rule = 'unexpanded-variable'
    if (VARIABLE.test(text)) {
      const message = 'holds a variable that was not expanded, and is taken as it stands'
      found.push({ path: [...path], message, hint: EXPAND, rule })
    } else if (NGINX.test(text)) {
      const message = 'holds a variable of nginx, and is taken as it stands'
      found.push({ path: [...path], message, rule })
    }
  }
  // The document is known to be no deeper than its reader allows.
  const walk = (node: unknown): void => {
    if (typeof node === 'string') look(node)
    else if (Array.isArray(node)) {
      for (let index = 0; index < node.length; index++) {
        path.push(index)
        walk(node[index])
        path.pop()
      }
    } else if (isRecord(node)) {
      for (const key of Object.keys(node)) {
        if (key === '_comment' || key === '_ignore') continue
        path.push(key)
        walk(node[key])
        path.pop()
      }
    }
  }
  walk(value)
  return found
}

function isCode(path: DocumentPath): boolean {
  return path.includes('config') && path.some((step) => CODE_FIELD.test(String(step)))
}
