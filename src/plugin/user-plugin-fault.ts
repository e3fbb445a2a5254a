// Judges what a user's module exports: whether it is a plugin, and the one that it is called after. For the thread that reads
// configurations; workers load what has been judged, and do without ajv.
import { Ajv } from 'ajv'
import { KEYWORDS } from '../../schemas/keywords.js'
import type { AnyPlugin } from './contract.js'
import { pluginFault } from './registry.js'

const IMPORT_LINE = "export default definePlugin({ ... }), with definePlugin from 'gw/plugin'"

/**
 * Why the export is not the plugin of that name, or null when it is.
 * @param formats those that its schema may name
 */
export function faultOf(
  exported: unknown,
  name: string,
  formats: readonly string[],
): { message: string; hint: string } | null {
  if (exported === undefined) return { message: 'no default export', hint: IMPORT_LINE }
  const fault = shapeFault(exported)
  if (fault !== null)
    return { message: `the default export is not a plugin: ${fault}`, hint: IMPORT_LINE }
  const plugin = exported as AnyPlugin
  if (plugin.name !== name) {
    return {
      message: `the file is called after '${name}', the plugin in it calls itself '${plugin.name}'`,
      hint: 'give both the same name',
    }
  }
  const rule = pluginFault(plugin)
  if (rule !== null) return { message: rule, hint: 'correct it in the argument of definePlugin' }
  const schema = schemaFault(plugin.schema, formats)
  if (schema !== null) {
    return {
      message: `bad schema: ${schema}`,
      hint: 'schema has to describe an object in JSON Schema',
    }
  }
  return null
}

const FUNCTIONS = [
  'init',
  'prepare',
  'policy',
  'configure',
  'close',
  'access',
  'header_filter',
  'body_filter',
  'log',
] as const

function shapeFault(value: unknown): string | null {
  if (!isObject(value)) return 'it is no object'
  if (typeof value.name !== 'string') return 'name is missing'
  if (typeof value.version !== 'string') return 'version is missing'
  if (typeof value.priority !== 'number') return 'priority is missing'
  if (!isObject(value.schema)) return 'schema is missing'
  for (const name of FUNCTIONS) {
    if (value[name] !== undefined && typeof value[name] !== 'function')
      return `${name} is no function`
  }
  return null
}

/** Under the rules that configurations are checked by. */
function schemaFault(schema: object, formats: readonly string[]): string | null {
  if (!('type' in schema) || schema.type !== 'object') return "type must be 'object'"
  try {
    new Ajv({
      strict: true,
      allowUnionTypes: true,
      useDefaults: true,
      allErrors: true,
      formats: Object.fromEntries(formats.map((format) => [format, true])),
    })
      .addVocabulary([...KEYWORDS])
      .compile(schema)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
