// Configuration of correlation-id.
import { fieldName } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['generator', 'echo_downstream'],
  properties: {
    header_name: {
      ...fieldName,
      default: 'Kong-Request-ID',
      description:
        'Header that carries the id, to the target and, with echo_downstream, to the client.',
    },
    generator: {
      type: 'string',
      enum: ['uuid', 'uuid#counter', 'tracker'],
      default: 'uuid#counter',
      description:
        'How an id is made: a UUID for each request, one UUID for the process and a counter, or address, port, process, serial and time.',
    },
    echo_downstream: {
      type: 'boolean',
      default: false,
      description: 'Send the id to the client too.',
    },
  },
} as const
