// Kong's bundled plugins that are not built yet: files that use them can be checked, but not run.
import type { PluginSpec } from 'gw/plugin'
import { spec as acme } from './acme/spec.js'
import { spec as aiPromptDecorator } from './ai-prompt-decorator/spec.js'
import { spec as aiPromptGuard } from './ai-prompt-guard/spec.js'
import { spec as aiPromptTemplate } from './ai-prompt-template/spec.js'
import { spec as aiProxy } from './ai-proxy/spec.js'
import { spec as aiRequestTransformer } from './ai-request-transformer/spec.js'
import { spec as aiResponseTransformer } from './ai-response-transformer/spec.js'
import { spec as awsLambda } from './aws-lambda/spec.js'
import { spec as azureFunctions } from './azure-functions/spec.js'
import { spec as datadog } from './datadog/spec.js'
import { spec as fileLog } from './file-log/spec.js'
import { spec as grpcGateway } from './grpc-gateway/spec.js'
import { spec as grpcWeb } from './grpc-web/spec.js'
import { spec as httpLog } from './http-log/spec.js'
import { spec as loggly } from './loggly/spec.js'
import { spec as opentelemetry } from './opentelemetry/spec.js'
import { spec as postFunction } from './post-function/spec.js'
import { spec as preFunction } from './pre-function/spec.js'
import { spec as prometheus } from './prometheus/spec.js'
import { spec as statsd } from './statsd/spec.js'
import { spec as syslog } from './syslog/spec.js'
import { spec as tcpLog } from './tcp-log/spec.js'
import { spec as udpLog } from './udp-log/spec.js'
import { spec as zipkin } from './zipkin/spec.js'

/** By name. */
export const plannedPlugins: readonly PluginSpec[] = [
  acme,
  aiPromptDecorator,
  aiPromptGuard,
  aiPromptTemplate,
  aiProxy,
  aiRequestTransformer,
  aiResponseTransformer,
  awsLambda,
  azureFunctions,
  datadog,
  fileLog,
  grpcGateway,
  grpcWeb,
  httpLog,
  loggly,
  opentelemetry,
  postFunction,
  preFunction,
  prometheus,
  statsd,
  syslog,
  tcpLog,
  udpLog,
  zipkin,
]
