// Changes the request before the target gets it.
import { changeRequest, definePlugin, requestPlan } from 'gw/plugin'
import { spec } from './spec.js'

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 801,
  prepare: (config) => requestPlan(config),
  access: changeRequest,
})
