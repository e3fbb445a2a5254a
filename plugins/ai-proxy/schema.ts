// Configuration of ai-proxy.
import { bodySize, llmFormat, llmRecord } from 'gw/plugin'

export const schema = {
  ...llmRecord,
  properties: {
    ...llmRecord.properties,
    response_streaming: {
      type: 'string',
      enum: ['allow', 'deny', 'always'],
      default: 'allow',
      description: 'Whether answers may be streamed, or must be.',
    },
    max_request_body_size: bodySize,
    model_name_header: {
      type: 'boolean',
      default: true,
      description: 'Name the model in the header X-Kong-LLM-Model of the answer.',
    },
    llm_format: llmFormat,
  },
} as const
