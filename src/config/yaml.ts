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

const STRICT_OPTIONS: yaml.LoadOptions = { ...YAML_OPTIONS, json: false }

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

export interface Yaml {
  /** The first document of the text; null for an empty one. */
  readonly value: unknown
  readonly hasRepeatedKeys: boolean
}

/** @throws SyntaxFault */
export function parseYaml(text: string): Yaml {
  try {
    return { value: firstOf(text, STRICT_OPTIONS), hasRepeatedKeys: false }
  } catch (error) {
    // The strict reader goes no slower, and only a file with this mistake is read once more.
    if (!(error instanceof yaml.YAMLException) || error.reason !== 'duplicated mapping key') {
      throw asSyntaxFault(error)
    }
  }
  try {
    return { value: firstOf(text, YAML_OPTIONS), hasRepeatedKeys: true }
  } catch (error) {
    throw asSyntaxFault(error)
  }
}

function firstOf(text: string, options: yaml.LoadOptions): unknown {
  return yaml.loadAll(text, null, options)[0] ?? null
}

function asSyntaxFault(error: unknown): unknown {
  if (!(error instanceof yaml.YAMLException)) return error
  // The mark is missing for the few faults that concern the text as a whole.
  const mark = error.mark as yaml.Mark | undefined
  return new SyntaxFault(error.reason, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1)
}
