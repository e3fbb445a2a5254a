// What the floors above use of config/.
export { loadConfig, printConfig } from './load.js'
export type { ConfigSource, LoadContext, LoadedConfig } from './load.js'
export { MAX_BYTES, type Format } from './document.js'
export type { PrintFormat } from './print.js'
export type { PluginLookup } from './plugin-lookup.js'
export { formatProblemsAsJson, formatProblemsForPeople } from './report.js'
export type { ProblemReport } from './report.js'
