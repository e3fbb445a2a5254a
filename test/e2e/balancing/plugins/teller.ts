// A plugin that logs the tries of each request. Loaded by tries.test.ts as a user's plugin is.
import { definePlugin } from 'gw/plugin'

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: { message: { type: 'string', default: 'told', description: 'Of the line.' } },
} as const

export default definePlugin({
  name: 'teller',
  version: '1.0.0',
  priority: 10,
  schema,
  log({ entry, log, request }, { message }) {
    const { startedAt, tries } = entry
    log.warn({ path: request.path, startedAt, tries }, message)
  },
})
