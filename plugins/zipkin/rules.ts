// Rules for the tags of zipkin's configuration.
import { ConfigFault, type RawConfig, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [{ fields: ['static_tags'], check: checkTags }]

/** The plugin sets these itself. */
const OWN_TAGS = [
  'error',
  'http.method',
  'http.path',
  'http.status_code',
  'kong.balancer.state',
  'kong.balancer.try',
  'kong.consumer',
  'kong.credential',
  'kong.node.id',
  'kong.route',
  'kong.service',
  'lc',
  'peer.hostname',
]

function checkTags({ static_tags: tags }: RawConfig): readonly ConfigFault[] {
  if (!Array.isArray(tags)) return []
  const names = (tags as readonly { readonly name: string }[]).map(({ name }) => name)
  const taken = names.flatMap((name, index) => (OWN_TAGS.includes(name) ? [index] : []))
  if (taken.length > 0) {
    const message = `must not be one of: ${OWN_TAGS.join(', ')}`
    return taken.map((index) => new ConfigFault(`static_tags[${index}].name`, message))
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated === undefined) return []
  return [new ConfigFault('static_tags', `repeated tags are not allowed: ${repeated}`)]
}
