// Regular expressions on which one request could keep the process busy for minutes: those of plugins, and of routes those
// that the router's linear engine cannot take over.
import { isLinear } from '../../util/regex/matcher.js'
import { parsePcre } from '../../util/regex/pcre-parser.js'
import { parseRegex } from '../../util/regex/regex-parser.js'
import type { RegexNode } from '../../util/regex/regex-tree.js'
import { findRunaway, type Runaway } from '../../util/regex/runaway.js'
import type { DocumentPath } from '../places.js'
import { isRecord } from '../settle.js'
import type { Finding } from './rule.js'
import { SchemaTexts, type SchemaText } from './schema-texts.js'
import type { LintView, Use } from './view.js'

/** Fields with patterns whose schema does not say so, as other texts may stand there too. */
const PATTERN_FIELDS: ReadonlySet<string> = new Set([
  'ai-prompt-guard.allow_patterns',
  'ai-prompt-guard.deny_patterns',
  'bot-detection.allow',
  'bot-detection.deny',
  'cors.origins',
])

const NAMES = new Set(Array.from(PATTERN_FIELDS, (name) => name.replace(/.*\./, '')))
const patternTexts = new SchemaTexts(
  (schema, field) => schema.format === 'regex' || NAMES.has(field),
)

// cors takes an entry of these characters alone as it stands.
const PLAIN_ORIGIN = /^(?:\*|[A-Za-z0-9.:/-]+)$/

interface Pattern {
  readonly path: DocumentPath
  readonly source: string
  /** It has to match to the end of the text. */
  readonly isWhole: boolean
  readonly isOfRoute: boolean
}

export function runawayRegex(view: LintView): Finding[] {
  const known = new Map<string, Runaway | null>()
  const patterns = [
    ...view.all('routes').flatMap(({ fields, path }) => patternsOfRoute(fields, path)),
    ...view.uses.flatMap(patternsOfPlugin),
  ]
  return patterns.flatMap((pattern) => {
    const { path, source, isWhole, isOfRoute } = pattern
    const key = `${isOfRoute ? '~' : ''}${isWhole ? '$' : ''} ${source}`
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = runawayOf(pattern)))
    return found === null ? [] : [{ path, ...describe(found) }]
  })
}

function runawayOf({ source, isWhole, isOfRoute }: Pattern): Runaway | null {
  const tree = (isOfRoute ? treeOf(() => parseRegex(source)) : null) ?? pcreTree(source)
  if (tree === null || (isOfRoute && isLinear(tree, true))) return null
  return findRunaway(tree, { whole: isWhole })
}

function pcreTree(source: string): RegexNode | null {
  return treeOf(() => parsePcre(source, { bytes: false }))
}

function treeOf(parse: () => RegexNode): RegexNode | null {
  try {
    return parse()
  } catch {
    return null // the check of the file says why
  }
}

function patternsOfRoute(fields: Record<string, unknown>, path: DocumentPath): Pattern[] {
  const paths: readonly unknown[] = Array.isArray(fields.paths) ? fields.paths : []
  const ofPaths = paths.flatMap((text, index) =>
    patternIn(text, '~', [...path, 'paths', index], (source) => source),
  )
  if (!isRecord(fields.headers)) return ofPaths
  const ofHeaders = Object.entries(fields.headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : []).flatMap((text: unknown, index) =>
      // As Kong, the router compares with the pattern in lower case.
      patternIn(text, '~*', [...path, 'headers', name, index], (source) => source.toLowerCase()),
    ),
  )
  return [...ofPaths, ...ofHeaders]
}

function patternIn(
  text: unknown,
  mark: string,
  path: DocumentPath,
  read: (source: string) => string,
): Pattern[] {
  if (typeof text !== 'string' || !text.startsWith(mark)) return []
  return [{ path, source: read(text.slice(mark.length)), isWhole: false, isOfRoute: true }]
}

function patternsOfPlugin({ name, plugin, config, path }: Use): Pattern[] {
  return patternTexts
    .in(plugin.schema, config)
    .filter((text) => isPattern(name, text))
    .map((found) => ({
      path: [...path, 'config', ...found.path],
      source: found.text,
      isWhole: name === 'cors',
      isOfRoute: false,
    }))
}

function isPattern(plugin: string, { text, field, format }: SchemaText): boolean {
  if (plugin === 'cors' && PLAIN_ORIGIN.test(text)) return false
  return format === 'regex' || PATTERN_FIELDS.has(`${plugin}.${field}`)
}

function describe({ prefix, pump }: Runaway): Pick<Finding, 'message' | 'hint'> {
  return {
    message: `takes at least twice as long with each ${JSON.stringify(pump)} more in a text such as ${JSON.stringify(prefix + pump.repeat(3))} that does not match in the end`,
    hint: 'let each text match in one way only: no repetition inside a repetition of the same characters, no alternatives with a beginning in common',
  }
}
