// Changes the request as request-transformer does, and reaches into JSON.
import {
  changeRequest,
  definePlugin,
  requestBodyKind,
  requestPlan,
  type RequestPlan,
} from 'gw/plugin'
import { spec } from './spec.js'

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 802,
  prepare: (config) => requestPlan(config, kindOf),
  access: changeRequest,
})

const JSON_SUFFIX = /^\s*application\/[^\s;,/]+\+json\s*(?:;|$)/i

/** Kong Enterprise: types that end with `+json` are JSON, too. */
const kindOf: RequestPlan['kindOf'] = (contentType) =>
  requestBodyKind(contentType) ?? (JSON_SUFFIX.test(contentType ?? '') ? 'json' : null)
