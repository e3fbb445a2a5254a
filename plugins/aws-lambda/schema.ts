// Configuration of aws-lambda.

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
      description: '',
    },
    keepalive: {
      type: 'number',
      default: 60000,
      description: '',
    },
    aws_key: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    aws_secret: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    aws_assume_role_arn: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    aws_role_session_name: {
      type: 'string',
      minLength: 1,
      default: 'kong',
      description: '',
    },
    aws_sts_endpoint_url: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    aws_region: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    function_name: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    qualifier: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    invocation_type: {
      type: 'string',
      enum: ['RequestResponse', 'Event', 'DryRun'],
      default: 'RequestResponse',
      description: '',
    },
    log_type: {
      type: 'string',
      enum: ['Tail', 'None'],
      default: 'Tail',
      description: '',
    },
    host: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 443,
      description: '',
    },
    disable_https: {
      type: 'boolean',
      default: false,
      description: '',
    },
    unhandled_status: {
      type: 'integer',
      minimum: 100,
      maximum: 999,
      description: '',
    },
    forward_request_method: {
      type: 'boolean',
      default: false,
      description: '',
    },
    forward_request_uri: {
      type: 'boolean',
      default: false,
      description: '',
    },
    forward_request_headers: {
      type: 'boolean',
      default: false,
      description: '',
    },
    forward_request_body: {
      type: 'boolean',
      default: false,
      description: '',
    },
    is_proxy_integration: {
      type: 'boolean',
      default: false,
      description: '',
    },
    awsgateway_compatible: {
      type: 'boolean',
      default: false,
      description: '',
    },
    proxy_url: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    skip_large_bodies: {
      type: 'boolean',
      default: true,
      description: '',
    },
    base64_encode_body: {
      type: 'boolean',
      default: true,
      description: '',
    },
    aws_imds_protocol_version: {
      type: 'string',
      enum: ['v1', 'v2'],
      default: 'v1',
      description: '',
    },
    empty_arrays_mode: {
      type: 'string',
      enum: ['legacy', 'correct'],
      default: 'legacy',
      description: '',
    },
  },
} as const
