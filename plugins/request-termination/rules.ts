// Rules across the fields of request-termination's configuration. Kong names the first one that is broken.
import { ConfigFault, type RawConfig, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  {
    fields: ['message', 'content_type', 'body', 'echo'],
    check(config) {
      const fault = combinationFault(config)
      return fault === undefined ? [] : [new ConfigFault('', fault)]
    },
  },
]

function combinationFault(config: RawConfig): string | undefined {
  const { message, content_type: type, body, echo } = config
  if (message !== undefined && (type !== undefined || body !== undefined)) {
    return 'message cannot be used with content_type or body'
  }
  if (type !== undefined && body === undefined) return 'content_type requires a body'
  if (echo === true && body !== undefined) return 'echo cannot be used with content_type and body'
  return undefined
}
