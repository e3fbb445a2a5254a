// The plugins that come with the gateway, in the order in which they run.
import type { AnyPlugin } from 'gw/plugin'
import acl from './acl/index.js'
import basicAuth from './basic-auth/index.js'
import botDetection from './bot-detection/index.js'
import bulkhead from './bulkhead/index.js'
import circuitBreaker from './circuit-breaker/index.js'
import compression from './compression/index.js'
import correlationId from './correlation-id/index.js'
import cors from './cors/index.js'
import hmacAuth from './hmac-auth/index.js'
import ipRestriction from './ip-restriction/index.js'
import jwt from './jwt/index.js'
import keyAuth from './key-auth/index.js'
import ldapAuth from './ldap-auth/index.js'
import oauth2 from './oauth2/index.js'
import keyAuthEnc from './key-auth-enc/index.js'
import oauth2Introspection from './oauth2-introspection/index.js'
import openidConnect from './openid-connect/index.js'
import proxyCache from './proxy-cache/index.js'
import rateLimiting from './rate-limiting/index.js'
import rateLimitingAdvanced from './rate-limiting-advanced/index.js'
import redirect from './redirect/index.js'
import requestSizeLimiting from './request-size-limiting/index.js'
import requestValidator from './request-validator/index.js'
import requestTermination from './request-termination/index.js'
import requestTransformerAdvanced from './request-transformer-advanced/index.js'
import requestTransformer from './request-transformer/index.js'
import responseRatelimiting from './response-ratelimiting/index.js'
import responseTransformerAdvanced from './response-transformer-advanced/index.js'
import responseTransformer from './response-transformer/index.js'
import retry from './retry/index.js'
import session from './session/index.js'
import standardWebhooks from './standard-webhooks/index.js'
import throttle from './throttle/index.js'

export { examineToken, type Examination } from './jwt/examine.js'

/** By falling priority. */
export const bundledPlugins: readonly AnyPlugin[] = [
  correlationId,
  botDetection,
  cors,
  session,
  oauth2Introspection,
  jwt,
  oauth2,
  keyAuthEnc,
  keyAuth,
  ldapAuth,
  basicAuth,
  openidConnect,
  hmacAuth,
  requestValidator,
  ipRestriction,
  requestSizeLimiting,
  acl,
  rateLimitingAdvanced,
  rateLimiting,
  throttle,
  responseRatelimiting,
  requestTransformerAdvanced,
  requestTransformer,
  responseTransformerAdvanced,
  responseTransformer,
  redirect,
  standardWebhooks,
  proxyCache,
  bulkhead,
  circuitBreaker,
  retry,
  compression,
  requestTermination,
]
