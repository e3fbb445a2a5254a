// The values in the lists of transformers are texts; `json_types` says what they become in JSON.
import { jsonOf } from '../json-object.js'

export const VALUE_TYPES = ['boolean', 'number', 'string'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

/** As JSON, one character for each byte; null for what is no number where one is wanted: such an entry does nothing. */
export function typedJson(value: string, type: ValueType): string | null {
  switch (type) {
    case 'boolean':
      return jsonOf(value === 'true')
    case 'number': {
      const number = value.trim() === '' ? Number.NaN : Number(value)
      return Number.isFinite(number) ? jsonOf(number) : null
    }
    case 'string':
      return jsonOf(value)
  }
}
