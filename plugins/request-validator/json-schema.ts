// JSON Schema by ajv, held to a time that is bounded whatever a client sends. ajv is loaded with the first schema.
import { createRequire } from 'node:module'
import { compileLinearPattern } from 'gw/plugin'
import type * as AjvModule from 'ajv'
import type * as Ajv2019Module from 'ajv/dist/2019.js'
import type * as Ajv2020Module from 'ajv/dist/2020.js'
import type { AnySchema, ErrorObject, Options, ValidateFunction } from 'ajv'
import { FORMATS } from './formats.js'
import type { SchemaText } from './place.js'
import { readySchema, STEP } from './subschemas.js'

export type Draft = 'draft4' | 'draft7' | 'draft201909' | 'draft202012'

/** What is wrong with a value, for the client; null when nothing is. */
export type Check = (value: unknown) => string | null

/**
 * References that one value may have followed: with some schemas their number doubles with each level of a value. Half a
 * second's worth.
 */
export const MAX_STEPS = 200_000

const require = createRequire(import.meta.url)

const OPTIONS: Options = {
  // Kong ignores keywords that it does not know, such as those of OpenAPI.
  strict: false,
  // A name such as `constructor` is there only where the body has it.
  ownProperties: true,
  logger: false,
  validateSchema: false,
  meta: false,
  code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
}

/** What ajv takes patterns to; it tells them apart by their text. */
function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  const matcher = compileLinearPattern(pattern)
  return { test: (text) => matcher.test(text), toString: () => pattern }
}

type AnyAjv = AjvModule.Ajv | Ajv2019Module.Ajv2019 | Ajv2020Module.Ajv2020

class TooManySteps extends Error {}

let steps = 0

function countStep(): boolean {
  if (++steps > MAX_STEPS) throw new TooManySteps()
  return true
}

/** @throws ConfigFault for a schema that does not compile */
export function compileJsonSchema(text: SchemaText, draft: Draft): Check {
  const schema = readySchema(text, draft)
  checkSchema(text, schema, draft)
  let validate: ValidateFunction
  try {
    validate = withKeywords(createAjv(draft, OPTIONS)).compile(schema)
  } catch (error) {
    throw text.fault('', `does not compile: ${error instanceof Error ? error.message : 'unknown'}`)
  }
  return (value) => {
    steps = 0
    try {
      return validate(value) ? null : describe(validate.errors?.[0])
    } catch (error) {
      if (error instanceof TooManySteps) return 'takes too many steps to check'
      // Nesting is bounded, but a schema that refers to itself can go on at one level.
      if (error instanceof RangeError) return 'is nested too deep for its schema'
      throw error
    }
  }
}

/** One for each draft, as the schemas of schemas take a while to compile; it keeps nothing of those that it judges. */
const judges = new Map<Draft, AnyAjv>()

function checkSchema(text: SchemaText, schema: AnySchema, draft: Draft): void {
  let judge = judges.get(draft)
  if (judge === undefined) {
    judge = createAjv(draft, { ...OPTIONS, meta: true, validateSchema: true })
    judges.set(draft, judge)
  }
  if (judge.validateSchema(schema) === true) return
  const [error] = judge.errors ?? []
  throw text.fault(error?.instancePath ?? '', `is no schema of ${draft}: ${error?.message ?? ''}`)
}

function createAjv(draft: Draft, options: Options): AnyAjv {
  switch (draft) {
    case 'draft4':
    case 'draft7':
      return new (require('ajv') as typeof AjvModule).Ajv(options)
    case 'draft201909':
      return new (require('ajv/dist/2019') as typeof Ajv2019Module).Ajv2019(options)
    case 'draft202012':
      return new (require('ajv/dist/2020') as typeof Ajv2020Module).Ajv2020(options)
  }
}

function withKeywords(ajv: AnyAjv): AnyAjv {
  for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, validate)
  ajv.addKeyword({ keyword: STEP, before: '$ref', validate: countStep, errors: false })
  // ajv's own compares every item with every other one.
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (wanted: boolean, items: readonly unknown[]) => !wanted || areUnique(items),
    error: { message: 'must not have an item twice' },
  })
  return ajv
}

function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item, sorted))).size === items.length
}

/** The members of objects in one order, as what no list can be taken for. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return { members: Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) }
}

/** @returns where it is and what it should be, never what it is: that may be a secret */
function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not conform'
  const message = error.message ?? 'does not conform'
  return error.instancePath === '' ? message : `${error.instancePath} ${message}`
}
