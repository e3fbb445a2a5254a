// Configuration of file-log.
import { customFields } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'reopen'],
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      format: 'log-file',
      description: 'File that a line is added to for each request; its folder has to be there.',
    },
    reopen: {
      type: 'boolean',
      default: false,
      description: 'Open the file anew for each line, so that it may be moved away.',
    },
    custom_fields_by_lua: customFields,
  },
} as const
