// Plugins that are not there: those of Kong Enterprise with what does nearly the same, and how to bring one's own.
import { closest } from '../../util/closest.js'
import type { Clue } from './clue.js'

/** By name: the open plugin that comes nearest; '' where there is none. */
const ENTERPRISE_PLUGINS: Readonly<Record<string, string>> = {
  'ai-aws-guardrails': 'ai-prompt-guard',
  'ai-azure-content-safety': 'ai-prompt-guard',
  'ai-custom-guardrail': 'ai-prompt-guard',
  'ai-gcp-model-armor': 'ai-prompt-guard',
  'ai-lakera-guard': 'ai-prompt-guard',
  'ai-llm-as-judge': '',
  'ai-mcp-proxy': '',
  'ai-prompt-compressor': '',
  'ai-proxy-advanced': 'ai-proxy',
  'ai-rag-injector': 'ai-prompt-decorator',
  'ai-rate-limiting-advanced': 'rate-limiting',
  'ai-sanitizer': '',
  'ai-semantic-cache': 'proxy-cache',
  'ai-semantic-prompt-guard': 'ai-prompt-guard',
  'ai-semantic-response-guard': 'ai-prompt-guard',
  'app-dynamics': 'opentelemetry',
  'application-registration': '',
  canary: 'an upstream with weighted targets',
  confluent: 'http-log',
  'confluent-consume': '',
  datakit: '',
  degraphql: '',
  'exit-transformer': 'response-transformer',
  'forward-proxy': '',
  'graphql-proxy-cache-advanced': 'proxy-cache',
  'graphql-rate-limiting-advanced': 'rate-limiting',
  'header-cert-auth': '',
  'injection-protection': '',
  jq: 'response-transformer',
  'json-threat-protection': 'request-size-limiting',
  'jwe-decrypt': '',
  'jwt-signer': 'jwt',
  'kafka-consume': '',
  'kafka-log': 'http-log',
  'kafka-upstream': '',
  'key-auth-enc': 'key-auth',
  'konnect-application-auth': 'key-auth',
  'ldap-auth-advanced': 'ldap-auth',
  'metering-and-billing': '',
  mocking: 'request-termination',
  'mtls-auth': '',
  'oas-validation': '',
  opa: '',
  'proxy-cache-advanced': 'proxy-cache',
  'rate-limiting-advanced': 'rate-limiting',
  'redirect-advanced': 'redirect',
  'request-callout': '',
  'request-transformer-advanced': 'request-transformer',
  'request-validator': '',
  'response-transformer-advanced': 'response-transformer',
  'route-by-header': 'routes with headers',
  'route-transformer-advanced': 'request-transformer (replace.uri)',
  saml: '',
  'service-protection': 'rate-limiting',
  'solace-upstream': '',
  'statsd-advanced': 'statsd',
  'tls-handshake-modifier': '',
  'tls-metadata-headers': '',
  'upstream-oauth': '',
  'upstream-timeout': 'connect_timeout, write_timeout and read_timeout of the service',
  'vault-auth': 'key-auth',
  'websocket-size-limit': '',
  'websocket-validator': '',
  'xml-threat-protection': 'request-size-limiting',
}

const OWN =
  'a plugin of your own goes into the folder that GW_PLUGIN_PATH names, and its name into KONG_PLUGINS'
const LUA = 'Lua plugins do not run here'

function isEnterprisePlugin(name: string): boolean {
  return Object.hasOwn(ENTERPRISE_PLUGINS, name)
}

export function hintOnPlugin({ message, entity, plugins, value }: Clue): string | undefined {
  if (entity?.collection.name !== 'plugins' || !/^plugin '.*' not enabled/.test(message)) {
    return undefined
  }
  const name = String(value)
  if (isEnterprisePlugin(name)) {
    const instead = ENTERPRISE_PLUGINS[name]
    const nearest = instead === undefined || instead === '' ? '' : `; the nearest is ${instead}`
    return `Kong Enterprise only${nearest}`
  }
  if (plugins.isDisabled(name)) return 'it is bundled, but KONG_PLUGINS does not name it'
  if (name.includes(',')) return 'one plugin for each entry'
  const known = plugins.specs().map((spec) => spec.name)
  const meant = closest(name, known)
  if (meant !== undefined) return `did you mean ${meant}?`
  return `${OWN}; ${LUA}`
}
