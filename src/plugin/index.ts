// The public door of the plugin floor: everything that a plugin, bundled or a user's, imports from 'gw/plugin'.
export { ConfigFault, UnsupportedFault } from './config-fault.js'
export { contextKey, definePlugin, sharedValues } from './contract.js'
export type {
  AccessContext,
  AccessEntry,
  AnyPlugin,
  Awaitable,
  BodyFilterContext,
  BodyTransform,
  ClientRequest,
  ClientResponse,
  ContextKey,
  Exit,
  HeaderFilterContext,
  HeaderLines,
  LogContext,
  Plugin,
  PluginEnv,
  PluginSettings,
  PluginSpec,
  PluginUse,
  Query,
  ReadonlyQuery,
  RequestContext,
  Scope,
  ServerTrust,
  TryEntry,
  UpstreamRequest,
  UriCaptures,
} from './contract.js'
export type { CallerCredential, Consumer, Credential, Route, Service } from '../model/entities.js'
export type { ConsumerField, Store } from '../model/snapshot.js'
export { HeaderGroup, type Headers, type ReadonlyHeaders } from '../util/header-list.js'
export type { LogFunction, Logger } from '../log/logger.js'
export type { Digest } from '../util/keyed-hash.js'
export type { ConfigOf, JSONSchema } from '../../schemas/types.js'

export {
  authenticatedGroups,
  callerOf,
  isSettled,
  refusalOf,
  refuse,
  type Refusal,
} from './authentication.js'
export {
  claimHeaderPairs,
  claimHeadersOf,
  headerValue,
  headerValues,
  removeForged,
  setClaimHeaders,
  type ClaimHeaders,
} from './claim-headers.js'
export { claimHeadersRule, isOfConnection } from './rules/claim-headers-rule.js'
export { TokenCache } from './token-cache.js'
export {
  decodeParts,
  decodeToken,
  member,
  type Members,
  type Token,
} from '../util/json-web-token.js'
export { decodeBase64 } from '../util/base64.js'
export { equalSecrets } from '../util/equal-secrets.js'
export { parseHttpDate } from '../util/http-date.js'
export {
  MAX_FIELDS_BYTES,
  bodyKind,
  readFields,
  withoutField,
  type BodyKind,
} from './body-fields.js'
export { headerMap, hostName, portNumber, timeoutMs, urlText } from './config/connection.js'
export { setAnonymousConsumer, setConsumer } from './consumer.js'
export { authFields, fieldName, headerName } from './config/fragments.js'
export { oldQueueFields, queueRecord } from './config/queue.js'
export { PROTOCOLS as ALL_PROTOCOLS } from '../../schemas/common.js'
export { FormArguments } from './form-arguments.js'
export { headerSpellings, valueOf, valuesOf } from './header-lookup.js'
export { hashKey } from '../util/hashed-key.js'
export {
  algorithmsOf,
  importPublicKey,
  importSecret,
  isSymmetric,
  verifyJws,
  type JwsAlgorithm,
} from '../util/jws.js'
export { hostAndPort } from '../util/host.js'
export { uuidV5 } from '../util/uuid.js'
export { IpRanges } from '../util/ip-ranges.js'
export { canonicalAddress } from '../util/ip-text.js'
export { inEach } from './rules/in-each.js'
export { consumerIdentifier, customFields, severities } from './config/log.js'
export { functionPhases, functionRules } from './config/functions.js'
export { bodySize, llmFormat, llmRecord, llmRules } from './config/llm.js'
export { llmTransformerFields, llmTransformerRules } from './config/llm-transformer.js'
export { askForKey, prepareKeyAuth, type KeyAuthSource, type KeyAuthUse } from './key-auth.js'
export { keyAuthSchema } from './config/key-auth.js'
export { addLogField, logFields } from './log-fields.js'
export {
  BREAKER_DEFAULTS,
  RETRY_CAUSES,
  type BreakerPolicy,
  type BulkheadPolicy,
  type FallbackAnswer,
  type RetryPolicy,
  type RoutePolicy,
} from './policy.js'
export { compileLinearPattern, compilePattern } from './pcre.js'
export type { TextMatcher } from '../util/regex/matcher.js'
export { PatternMatcher } from '../util/lua/run/pattern.js'
export {
  findBearerToken,
  hideBearerTokens,
  mayHaveBodyToken,
  readBodyToken,
  type BearerSources,
} from './bearer-token.js'
export { introspect, type Introspection } from './introspection.js'
export { SharedFlights } from './shared-flights.js'
export {
  OutboundError,
  fetchJson,
  type Fetch,
  type OutboundAnswer,
  type OutboundRequest,
} from './outbound-http.js'
export { orderFault } from './config/period-limits.js'
export { limitAnswer, limitBy } from './config/limits.js'
export {
  needsRedis,
  redisDeployment,
  redisRecord,
  redisRules,
  redisShorthands,
  type RedisDeployment,
  type RedisSettings,
} from './config/redis.js'
export { secondsToReset, setLimitHeaders, shownLimit, type ShownLimit } from './limits/headers.js'
export {
  IDENTIFIERS,
  identifierOf,
  identifierRule,
  keyPart,
  type Identifier,
  type IdentifierRule,
} from './limits/identifier.js'
export { RedisStores, RedisStore } from './limits/redis-stores.js'
export { addCounts, countLifetime, readCounts, UNBOUND_ID } from './redis-counts.js'
export { RedisError } from './redis-error.js'
export { withoutStack } from '../errors/without-stack.js'
export { RedisSharedStore } from './redis-shared-store.js'
export { StoreError, type SharedStore } from './shared-store.js'
export { binaryRedisScript, redisScript, type RedisScript } from './redis-client.js'
export { redisTargetOf, type RedisTarget } from './redis-target.js'
export { RedisLeases } from './redis-leases.js'
export { RedisUser } from './redis-user.js'
export { type SharedRedis } from './shared-redis.js'
export {
  allOrNoneOf,
  atLeastOneOf,
  conditional,
  exactlyOneOf,
  fieldOf,
  mustBe,
  onlyOneOf,
  type RawConfig,
  type Rule,
} from './rules/rules.js'
export { collectorTimeouts, propagationRecord, traceIdHeader } from './config/tracing.js'
export { answerChanges, jsonTypes, requestChanges, transformerNames } from './config/transformer.js'
export { conditionalAtLeastOneOf, within } from './rules/record-rules.js'
export { CollectedAnswer, MAX_ANSWER_BYTES } from './transformer/collected-answer.js'
export { type NamedValue } from './transformer/named-value.js'
export { changeRequest } from './transformer/request.js'
export {
  requestBodyKind,
  requestPlan,
  requestTemplatesAreRight,
  type RequestPlan,
} from './transformer/request-plan.js'
export {
  changeAnswerHeaders,
  headerSteps,
  type HeaderSteps,
  type ValueRemoval,
} from './transformer/response-headers.js'
export { changedJson, isJson, jsonSteps, type JsonSteps } from './transformer/response-json.js'
export { BeyondExpressions, type LuaNames } from '../util/lua/run/expression.js'
export {
  LuaList,
  bytesOf,
  luaNumber,
  luaText,
  textOf,
  type LuaTable,
  type LuaValue,
} from '../util/lua/run/values.js'
export type { CounterTable } from './counter-table.js'
export type { SharedWindow, SharedWindows, Window } from './shared-windows.js'
export { PERIODS, PERIOD_SECONDS, windowEnd, windowStart, type Period } from './windows.js'
