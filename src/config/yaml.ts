// YAML text -> plain values, as Kong reads it. Where the values stand is yaml-places.ts.
import yaml from 'js-yaml'
import { KONG_YAML } from './yaml-scalars.js'

// `json`: of a key given twice the last counts, as in Kong. The depth is far beyond any real file; the number of
// merged keys bounds what `<<` can multiply. The type definitions lack the last two.
export const YAML_OPTIONS: yaml.LoadOptions & { maxDepth: number; maxTotalMergeKeys: number } = {
  schema: KONG_YAML,
  json: true,
  maxDepth: 100,
  maxTotalMergeKeys: 1_000_000,
}

/** A text that is no YAML or no JSON. The message names anchors and tags, never a value. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault'
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

/**
 * The first document of the text; null for an empty one.
 * @throws SyntaxFault
 */
export function parseYaml(text: string): unknown {
  try {
    return yaml.loadAll(text, null, YAML_OPTIONS)[0] ?? null
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error
    // The mark is missing for the few faults that concern the text as a whole.
    const mark = error.mark as yaml.Mark | undefined
    throw new SyntaxFault(error.reason, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1)
  }
}
