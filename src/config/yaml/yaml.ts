// YAML text -> plain values, as Kong reads it. Where the values stand is places.ts.
import yaml from 'js-yaml'
import type { Place } from '../places.js'
import { YAML_OPTIONS } from './options.js'
import { reportSyntax } from './syntax.js'

const STRICT_OPTIONS: yaml.LoadOptions = { ...YAML_OPTIONS, json: false }

// js-yaml matches some patterns against texts of any length, on the stack.
const TOO_MUCH = '1:1: a part of the text is too long or nested too deeply'

/** A text that is no YAML. The message names anchors and tags, never a value. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault'
  readonly place: Place
  readonly hint: string | undefined

  constructor(message: string, place: Place, hint: string | undefined) {
    super(message)
    this.place = place
    this.hint = hint
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
    if (!isRepeatedKey(error)) throw asSyntaxFault(text, error)
  }
  // The strict reader is no slower, and only a file with this mistake is read once more.
  try {
    return { value: firstOf(text, YAML_OPTIONS), hasRepeatedKeys: true }
  } catch (error) {
    throw asSyntaxFault(text, error)
  }
}

function firstOf(text: string, options: yaml.LoadOptions): unknown {
  return yaml.loadAll(text, null, options)[0] ?? null
}

function isRepeatedKey(error: unknown): boolean {
  return error instanceof yaml.YAMLException && error.reason === 'duplicated mapping key'
}

function asSyntaxFault(text: string, error: unknown): unknown {
  if (error instanceof RangeError)
    return new SyntaxFault(TOO_MUCH, { line: 1, column: 1 }, undefined)
  if (!(error instanceof yaml.YAMLException)) return error
  const { message, place, hint } = reportSyntax(text, error)
  return new SyntaxFault(message, place, hint)
}
