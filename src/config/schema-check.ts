// Holds a value against a JSON Schema: fills defaults in and says in Kong's words what is wrong.
// ajv does the checking; validators are compiled when first needed, since compiling is most of a cold start.
import { Ajv, type SchemaObject, type ValidateFunction } from 'ajv'
import type { JSONSchema } from '../../schemas/types.js'
import type { Fault } from './faults.js'
import { NUMBER_FORMATS, TEXT_FORMATS } from './formats.js'
import { settle } from './settle.js'
import { translate } from './translate.js'

let shared: Ajv | undefined
const validators = new WeakMap<object, ValidateFunction>()

/**
 * Checks a value and completes it in place.
 * @returns faults with paths below the value; at most one for each field
 */
export function checkSchema(schema: JSONSchema, value: unknown): Fault[] {
  const faults: Fault[] = []
  settle(schema, value, [], faults)
  const validate = validatorOf(schema)
  if (!validate(value)) faults.push(...translate(validate.errors ?? [], schema, value))
  return faults
}

function validatorOf(schema: JSONSchema): ValidateFunction {
  const known = validators.get(schema)
  if (known !== undefined) return known
  const validate = (shared ??= createAjv()).compile(schema as SchemaObject)
  validators.set(schema, validate)
  return validate
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    strict: true,
    // `type: ['string', 'null']` is how a field says that it may be left empty.
    allowUnionTypes: true,
    allErrors: true,
    useDefaults: true,
    // Kong's messages are made elsewhere, from the path of an error alone.
    messages: false,
    // Its optimiser costs more at a cold start than its shorter code gains.
    code: { optimize: false },
    // Compiling the schema of schemas would take longer than all the rest; a test holds our schemas to it.
    meta: false,
    validateSchema: false,
  })
  for (const [name, fault] of TEXT_FORMATS) {
    ajv.addFormat(name, { type: 'string', validate: (text: string) => fault(text) === undefined })
  }
  for (const [name, fault] of NUMBER_FORMATS) {
    ajv.addFormat(name, {
      type: 'number',
      validate: (value: number) => fault(value) === undefined,
    })
  }
  return ajv
}
