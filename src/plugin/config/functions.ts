// The configuration of the plugins that run Lua code out of the file: pre-function and post-function.
import { atLeastOneOf, type Rule } from '../rules/rules.js'

/** @param format of one piece of code, with the words of the plugin */
export function functionPhases<const F extends string>(format: F) {
  const functions = {
    type: 'array',
    items: { type: 'string', minLength: 1, format },
    default: [],
  } as const
  return {
    certificate: {
      ...functions,
      description: 'Lua run while a TLS connection is made; for a global use alone.',
    },
    rewrite: {
      ...functions,
      description: 'Lua run before a route is looked for; for a global use alone.',
    },
    access: { ...functions, description: 'Lua run before the request goes to the target.' },
    header_filter: { ...functions, description: "Lua run on the answer's status and headers." },
    body_filter: { ...functions, description: "Lua run on each chunk of the answer's body." },
    log: { ...functions, description: 'Lua run when the answer has been sent.' },
  } as const
}

const PHASES = Object.keys(functionPhases(''))

export const functionRules: readonly Rule[] = [atLeastOneOf(...PHASES)]
