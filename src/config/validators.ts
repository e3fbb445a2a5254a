// From a schema to ajv's validator. Importing ajv and compiling take some 50 ms of a cold start, so validators of known
// schemas are compiled when the package is built; a schema that nobody knew then, such as a user's plugin's, or one
// that has changed since, is compiled when it is first needed.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type * as AjvModule from 'ajv'
import type StandaloneModule from 'ajv/dist/standalone/index.js'
import type { Ajv, Options, SchemaObject, ValidateFunction } from 'ajv'
import { KEYWORDS } from '../../schemas/keywords.js'
import type { JSONSchema } from '../../schemas/types.js'
import { PACKAGE_ROOT } from '../util/package-root.js'

const require = createRequire(import.meta.url)
const compiledFolder = new URL('dist/schemas/compiled/', PACKAGE_ROOT)

const AJV_OPTIONS: Options = {
  strict: true,
  // `type: ['string', 'null']` is how a field says that it may be left empty.
  allowUnionTypes: true,
  allErrors: true,
  useDefaults: true,
  // Formats are ours, checked together with their messages: see settle.ts.
  validateFormats: false,
  // Kong's messages are made elsewhere, from the place of an error alone.
  messages: false,
  // Compiling the schema of schemas would take longer than all the rest; a test holds our schemas to it.
  meta: false,
  validateSchema: false,
  // The optimiser costs more at a cold start than its shorter code gains.
  code: { optimize: false },
}

let shared: Ajv | undefined
const validators = new WeakMap<object, ValidateFunction>()

export function validatorOf(schema: JSONSchema): ValidateFunction {
  let validate = validators.get(schema)
  if (validate === undefined) {
    validate = loadCompiled(schema) ?? (shared ??= createAjv({})).compile(schema as SchemaObject)
    validators.set(schema, validate)
  }
  return validate
}

/** The validator as the text of a CommonJS module, for the build; it needs ajv's small runtime functions. */
export function compileToModule(schema: JSONSchema): string {
  const ajv = createAjv({ code: { source: true } })
  const { default: standaloneCode } = require('ajv/dist/standalone') as typeof StandaloneModule
  return standaloneCode(ajv, ajv.compile(schema as SchemaObject))
}

/** Where the build puts that module: named by what the schema says, so that another schema never finds it. */
export function compiledFile(schema: JSONSchema): string {
  const name = createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 32)
  return fileURLToPath(new URL(`${name}.cjs`, compiledFolder))
}

function loadCompiled(schema: JSONSchema): ValidateFunction | undefined {
  try {
    return require(compiledFile(schema)) as ValidateFunction
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')
      return undefined
    throw error
  }
}

function createAjv(options: Options): Ajv {
  const { Ajv } = require('ajv') as typeof AjvModule
  const ajv = new Ajv({ ...AJV_OPTIONS, ...options })
  ajv.addVocabulary([...KEYWORDS])
  return ajv
}
