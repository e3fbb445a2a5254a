// Rules across the fields of aws-lambda's configuration.
import { ConfigFault, allOrNoneOf, type RawConfig, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  allOrNoneOf('aws_key', 'aws_secret'),
  { fields: ['proxy_url'], check: checkProxy },
]

function checkProxy({ proxy_url: url }: RawConfig): readonly ConfigFault[] {
  if (typeof url !== 'string' || url.startsWith('http:')) return []
  return [new ConfigFault('', 'proxy_url scheme must be http')]
}
