// Configuration of bot-detection.

const patterns = {
  type: 'array',
  items: { type: 'string', minLength: 1, format: 'regex' },
  default: [],
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    allow: {
      ...patterns,
      description: 'Regular expressions of User-Agents that pass, whatever else matches.',
    },
    deny: {
      ...patterns,
      description: 'Regular expressions of User-Agents that are refused besides the known bots.',
    },
  },
} as const
