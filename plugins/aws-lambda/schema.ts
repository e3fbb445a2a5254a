// Configuration of aws-lambda.

const text = { type: 'string', minLength: 1 } as const
const secret = { ...text, referenceable: true } as const
const off = { type: 'boolean', default: false } as const
const on = { type: 'boolean', default: true } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'timeout',
    'keepalive',
    'invocation_type',
    'log_type',
    'aws_imds_protocol_version',
    'empty_arrays_mode',
  ],
  properties: {
    timeout: {
      type: 'number',
      default: 60000,
      description: 'Time to connect, to send and to read, each, in milliseconds.',
    },
    keepalive: {
      type: 'number',
      default: 60000,
      description: 'Time that an idle connection is kept, in milliseconds.',
    },
    aws_key: { ...secret, description: 'AWS access key; left out, the environment names one.' },
    aws_secret: { ...secret, description: 'Secret of the AWS access key.' },
    aws_assume_role_arn: { ...secret, description: 'ARN of the role to take on for the call.' },
    aws_role_session_name: {
      ...text,
      default: 'kong',
      description: 'Name of the session in which the role is taken on.',
    },
    aws_sts_endpoint_url: {
      ...text,
      format: 'url',
      description: "URL of the STS service, in place of AWS's own.",
    },
    aws_region: {
      ...text,
      format: 'host',
      description: 'AWS region of the function; left out, the environment names it.',
    },
    function_name: { ...text, description: 'Name or ARN of the function.' },
    qualifier: { ...text, description: 'Version or alias of the function.' },
    invocation_type: {
      type: 'string',
      enum: ['RequestResponse', 'Event', 'DryRun'],
      default: 'RequestResponse',
      description: 'Wait for the result, only start the function, or only try whether it may run.',
    },
    log_type: {
      type: 'string',
      enum: ['Tail', 'None'],
      default: 'Tail',
      description: "Whether the answer carries the end of the function's log.",
    },
    host: { ...text, format: 'host', description: "Host to call in place of the region's." },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 443,
      description: 'Port to call.',
    },
    disable_https: { ...off, description: 'Call with http.' },
    unhandled_status: {
      type: 'integer',
      minimum: 100,
      maximum: 999,
      description: 'Status of the answer when the function failed; left out, that of Lambda.',
    },
    forward_request_method: { ...off, description: 'Tell the function the method.' },
    forward_request_uri: { ...off, description: 'Tell the function the URI and its arguments.' },
    forward_request_headers: { ...off, description: 'Tell the function the headers.' },
    forward_request_body: { ...off, description: 'Tell the function the body.' },
    is_proxy_integration: {
      ...off,
      description: "Take status, headers and body of the answer from the function's result.",
    },
    awsgateway_compatible: {
      ...off,
      description: 'Call the function with an event as AWS API Gateway makes it.',
    },
    proxy_url: { ...text, format: 'url', description: 'Proxy for the call, with http.' },
    skip_large_bodies: {
      ...on,
      description: 'Leave out a body that is too large to be kept in memory.',
    },
    base64_encode_body: { ...on, description: 'Encode the body of an event in Base64.' },
    aws_imds_protocol_version: {
      type: 'string',
      enum: ['v1', 'v2'],
      default: 'v1',
      description: 'Version of the metadata service that names credentials on EC2.',
    },
    empty_arrays_mode: {
      type: 'string',
      enum: ['legacy', 'correct'],
      default: 'legacy',
      description: 'Whether empty arrays in a result become `{}`, as in old versions, or stay.',
    },
  },
} as const
