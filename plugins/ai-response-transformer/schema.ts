// Configuration of ai-response-transformer.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'prompt',
    'parse_llm_response_json_instructions',
    'http_timeout',
    'https_verify',
    'llm',
  ],
  properties: {
    prompt: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    transformation_extract_pattern: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    parse_llm_response_json_instructions: {
      type: 'boolean',
      default: false,
      description: '',
    },
    http_timeout: {
      type: 'integer',
      default: 60000,
      description: '',
    },
    https_verify: {
      type: 'boolean',
      default: true,
      description: '',
    },
    max_request_body_size: {
      type: 'integer',
      exclusiveMinimum: 0,
      default: 8192,
      description: '',
    },
    http_proxy_host: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    http_proxy_port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      description: '',
    },
    https_proxy_host: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    https_proxy_port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      description: '',
    },
    llm: {
      type: 'object',
      additionalProperties: false,
      required: ['route_type', 'model', 'logging'],
      properties: {
        route_type: {
          type: 'string',
          enum: ['llm/v1/chat', 'llm/v1/completions', 'preserve'],
          description: '',
        },
        auth: {
          type: 'object',
          additionalProperties: false,
          properties: {
            header_name: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            header_value: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            param_name: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            param_value: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            param_location: {
              type: 'string',
              enum: ['query', 'body'],
              description: '',
            },
            gcp_use_service_account: {
              type: 'boolean',
              default: false,
              description: '',
            },
            gcp_service_account_json: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            aws_access_key_id: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            aws_secret_access_key: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            allow_override: {
              type: 'boolean',
              default: false,
              description: '',
            },
          },
          description: '',
        },
        model: {
          type: 'object',
          additionalProperties: false,
          required: ['provider'],
          properties: {
            provider: {
              type: 'string',
              enum: [
                'openai',
                'azure',
                'anthropic',
                'cohere',
                'mistral',
                'llama2',
                'gemini',
                'bedrock',
                'huggingface',
              ],
              description: '',
            },
            name: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            options: {
              type: 'object',
              additionalProperties: false,
              properties: {
                max_tokens: {
                  type: 'integer',
                  description: '',
                },
                input_cost: {
                  type: 'number',
                  exclusiveMinimum: 0,
                  description: '',
                },
                output_cost: {
                  type: 'number',
                  exclusiveMinimum: 0,
                  description: '',
                },
                temperature: {
                  type: 'number',
                  minimum: 0,
                  maximum: 5,
                  description: '',
                },
                top_p: {
                  type: 'number',
                  minimum: 0,
                  maximum: 1,
                  description: '',
                },
                top_k: {
                  type: 'integer',
                  minimum: 0,
                  maximum: 500,
                  description: '',
                },
                anthropic_version: {
                  type: 'string',
                  minLength: 1,
                  description: '',
                },
                azure_instance: {
                  type: 'string',
                  minLength: 1,
                  description: '',
                },
                azure_api_version: {
                  type: 'string',
                  minLength: 1,
                  default: '2023-05-15',
                  description: '',
                },
                azure_deployment_id: {
                  type: 'string',
                  minLength: 1,
                  description: '',
                },
                llama2_format: {
                  type: 'string',
                  enum: ['raw', 'openai', 'ollama'],
                  description: '',
                },
                mistral_format: {
                  type: 'string',
                  enum: ['openai', 'ollama'],
                  description: '',
                },
                upstream_url: {
                  type: 'string',
                  minLength: 1,
                  description: '',
                },
                upstream_path: {
                  type: 'string',
                  minLength: 1,
                  description: '',
                },
                gemini: {
                  type: 'object',
                  additionalProperties: false,
                  properties: {
                    api_endpoint: {
                      type: 'string',
                      minLength: 1,
                      description: '',
                    },
                    project_id: {
                      type: 'string',
                      minLength: 1,
                      description: '',
                    },
                    location_id: {
                      type: 'string',
                      minLength: 1,
                      description: '',
                    },
                  },
                  description: '',
                },
                bedrock: {
                  type: 'object',
                  additionalProperties: false,
                  properties: {
                    aws_region: {
                      type: 'string',
                      minLength: 1,
                      description: '',
                    },
                  },
                  description: '',
                },
                huggingface: {
                  type: 'object',
                  additionalProperties: false,
                  properties: {
                    use_cache: {
                      type: 'boolean',
                      description: '',
                    },
                    wait_for_model: {
                      type: 'boolean',
                      description: '',
                    },
                  },
                  description: '',
                },
              },
              description: '',
            },
          },
          default: {},
          description: '',
        },
        logging: {
          type: 'object',
          additionalProperties: false,
          required: ['log_statistics', 'log_payloads'],
          properties: {
            log_statistics: {
              type: 'boolean',
              default: false,
              description: '',
            },
            log_payloads: {
              type: 'boolean',
              default: false,
              description: '',
            },
          },
          default: {},
          description: '',
        },
      },
      default: {},
      description: '',
    },
  },
} as const
