// The LLM record that the AI plugins share (Kong: kong/llm/schemas/init.lua): ai-proxy has it as its configuration, the
// transformers as `config.llm`.
import { ConfigFault } from '../config-fault.js'
import { conditionalAtLeastOneOf, within } from '../rules/record-rules.js'
import {
  allOrNoneOf,
  conditional,
  fieldOf,
  mustBe,
  type RawConfig,
  type Rule,
} from '../rules/rules.js'

const text = { type: 'string', minLength: 1 } as const
const secretText = { ...text, referenceable: true } as const
const record = { type: 'object', additionalProperties: false } as const
const price = { type: 'number', exclusiveMinimum: 0 } as const

const auth = {
  ...record,
  description: 'How the gateway proves to the LLM who it is.',
  properties: {
    header_name: { ...secretText, description: 'Header that carries the credential.' },
    header_value: { ...secretText, description: 'Value of that header, such as `Bearer KEY`.' },
    param_name: { ...secretText, description: 'Parameter that carries the credential.' },
    param_value: { ...secretText, description: 'Value of that parameter.' },
    param_location: {
      type: 'string',
      enum: ['query', 'body'],
      description: 'Where the parameter goes.',
    },
    gcp_use_service_account: {
      type: 'boolean',
      default: false,
      description: 'Sign in to Gemini with a Google Cloud service account.',
    },
    gcp_service_account_json: {
      ...secretText,
      description: 'The service account as JSON; left out, the environment names it.',
    },
    aws_access_key_id: {
      ...secretText,
      description: 'AWS access key for Bedrock; left out, the environment names it.',
    },
    aws_secret_access_key: { ...secretText, description: 'Secret of the AWS access key.' },
    allow_override: {
      type: 'boolean',
      default: false,
      description: "Keep a credential that the client's request carries.",
    },
  },
} as const

const gemini = {
  ...record,
  description: 'Where Gemini runs on Vertex AI.',
  properties: {
    api_endpoint: { ...text, description: 'Host name of the API.' },
    project_id: { ...text, description: 'Project that is billed.' },
    location_id: { ...text, description: 'Region of the project.' },
  },
} as const

const bedrock = {
  ...record,
  description: 'Where Bedrock runs.',
  properties: {
    aws_region: { ...text, description: 'AWS region; left out, the environment names it.' },
  },
} as const

const huggingface = {
  ...record,
  description: 'Switches of the Hugging Face inference API.',
  properties: {
    use_cache: { type: 'boolean', description: 'Let the API answer from its cache.' },
    wait_for_model: {
      type: 'boolean',
      description: 'Wait for a model that is not loaded, where the API would answer 503.',
    },
  },
} as const

const options = {
  ...record,
  description: 'Settings of the model.',
  properties: {
    max_tokens: { type: 'integer', description: 'Tokens of an answer at most.' },
    input_cost: { ...price, description: 'Price of a million tokens of prompt.' },
    output_cost: { ...price, description: 'Price of a million tokens of answer.' },
    temperature: {
      type: 'number',
      minimum: 0,
      maximum: 5,
      description: 'How freely the model chooses its words; 0 for hardly.',
    },
    top_p: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'Share of probability that the next token is chosen from.',
    },
    top_k: {
      type: 'integer',
      minimum: 0,
      maximum: 500,
      description: 'How many likely tokens the next one is chosen from.',
    },
    anthropic_version: { ...text, description: 'Version of the Anthropic API.' },
    azure_instance: { ...text, description: 'Name of the Azure OpenAI instance.' },
    azure_api_version: {
      ...text,
      default: '2023-05-15',
      description: 'Version of the Azure OpenAI API.',
    },
    azure_deployment_id: { ...text, description: 'Deployment on the Azure OpenAI instance.' },
    llama2_format: {
      type: 'string',
      enum: ['raw', 'openai', 'ollama'],
      description: 'Message format of a Llama 2 server.',
    },
    mistral_format: {
      type: 'string',
      enum: ['openai', 'ollama'],
      description: 'Message format of a Mistral server.',
    },
    upstream_url: {
      ...text,
      format: 'url',
      description: "URL to call in place of the provider's.",
    },
    upstream_path: { ...text, description: "Path to call in place of the provider's." },
    gemini,
    bedrock,
    huggingface,
  },
} as const

const model = {
  ...record,
  required: ['provider'],
  default: {},
  description: 'The model that answers.',
  properties: {
    provider: {
      type: 'string',
      enum: [
        ...(['openai', 'azure', 'anthropic', 'cohere', 'mistral', 'llama2'] as const),
        ...(['gemini', 'bedrock', 'huggingface'] as const),
      ],
      description: 'Who runs the model, and so the format of its API.',
    },
    name: { ...text, description: 'Name of the model; left out, the request names it.' },
    options,
  },
} as const

const logging = {
  ...record,
  default: {},
  description: 'What log plugins learn of a call.',
  required: ['log_statistics', 'log_payloads'],
  properties: {
    log_statistics: { type: 'boolean', default: false, description: 'Log tokens, cost and times.' },
    log_payloads: { type: 'boolean', default: false, description: 'Log prompts and answers.' },
  },
} as const

/** Spread it, and `properties` into what the plugin has besides. */
export const llmRecord = {
  ...record,
  required: ['route_type', 'model', 'logging'],
  properties: {
    route_type: {
      type: 'string',
      enum: ['llm/v1/chat', 'llm/v1/completions', 'preserve'],
      description: 'What clients send: a chat, a prompt to complete, or a body to leave as it is.',
    },
    auth,
    model,
    logging,
  },
} as const

/** Body limit of the AI plugins. */
export const bodySize = {
  type: 'integer',
  exclusiveMinimum: 0,
  default: 8192,
  description: 'Bytes of a request body at most.',
} as const

export const llmFormat = {
  type: 'string',
  enum: ['openai', 'bedrock', 'gemini'],
  default: 'openai',
  description: 'Format in which clients send their requests.',
} as const

/** The rules of the record, with paths below it: see `within`. */
export const llmRules: readonly Rule[] = [
  conditional({
    when: 'model.provider',
    is: ['bedrock', 'gemini'],
    field: 'auth.allow_override',
    fault: (value) => (value === undefined ? undefined : mustBe(false)(value)),
    hint: 'bedrock and gemini only support auth.allow_override = false',
  }),
  allOrNoneOf('auth.header_name', 'auth.header_value'),
  allOrNoneOf('auth.param_name', 'auth.param_value', 'auth.param_location'),
  optionNeededBy('llama2', 'llama2_format'),
  optionNeededBy('mistral', 'mistral_format'),
  optionNeededBy('anthropic', 'anthropic_version'),
  optionNeededBy('azure', 'azure_instance'),
  optionNeededBy('azure', 'azure_api_version'),
  optionNeededBy('azure', 'azure_deployment_id'),
  optionNeededBy('llama2', 'upstream_url', 'self-hosted providers/models'),
  { fields: ['route_type', 'model', 'logging'], check: checkStatistics },
  ...within('model.options.gemini', [allOrNoneOf('api_endpoint', 'project_id', 'location_id')]),
]

function optionNeededBy(provider: string, option: string, whom = `${provider} provider`): Rule {
  const field = `model.options.${option}`
  const message = `must set '${field}' for ${whom}`
  return conditionalAtLeastOneOf({
    when: 'model.provider',
    is: [provider],
    fields: [field],
    message,
  })
}

function checkStatistics(llm: RawConfig): readonly ConfigFault[] {
  const provider = fieldOf(llm, 'model.provider')
  const isCounted = fieldOf(llm, 'logging.log_statistics') === true
  const { route_type: routeType } = llm
  if (!isCounted || provider !== 'anthropic' || routeType !== 'llm/v1/completions') return []
  return [
    new ConfigFault('', `${provider} does not support statistics when route_type is ${routeType}`),
  ]
}
