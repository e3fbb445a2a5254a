// Lints a text with stand-ins for plugins: rules are about what a file says, not about what plugins do with it.
import type { RouterFlavour } from '../../schemas/route.js'
import type { JSONSchema } from '../../schemas/types.js'
import { loadConfig, type PluginLookup } from '../../src/config/index.js'
import { lint } from '../../src/config/lint/index.js'
import { definePlugin, type AnyPlugin } from '../../src/plugin/contract.js'

const text = (value: string) => ({ type: 'string', default: value }) as const
const counting = { policy: text('local'), limit_by: text('consumer') } as const

const PROPERTIES: Readonly<Record<string, JSONSchema['properties']>> = {
  'rate-limiting': counting,
  'response-ratelimiting': counting,
  'rate-limiting-advanced': { strategy: text('local'), identifier: text('consumer') },
  cors: { origins: { type: 'array', items: { type: 'string' } } },
  redacting: { patterns: { type: 'array', items: { type: 'string', format: 'regex' } } },
}

const plugin = (name: string): AnyPlugin =>
  definePlugin({
    name,
    version: '1.0.0',
    priority: 1,
    schema: { type: 'object', additionalProperties: true, properties: PROPERTIES[name] ?? {} },
  })

const lookup: PluginLookup = {
  get: plugin,
  spec: plugin,
  specs: () => [],
  isOwn: (name) => name.startsWith('my-'),
  isDisabled: () => false,
}

/** `path: message` of what that rule finds. */
export function lintOf(rule: string, body: string, routerFlavour?: RouterFlavour): string[] {
  const source = { text: `_format_version: "3.0"\n${body}`, file: 'kong.yml' }
  const { origin } = loadConfig(source, {
    plugins: lookup,
    now: () => 1700000000000,
    ...(routerFlavour === undefined ? {} : { routerFlavour }),
  })
  const faults = lint(origin, { plugins: lookup })
  return origin
    .problemsOf(faults)
    .filter((problem) => problem.rule === rule)
    .map(({ path, message }) => `${path}: ${message}`)
}
