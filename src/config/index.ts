// What the floors above use of config/.
export { loadConfig } from './load.js'
export type { ConfigSource, LoadContext, LoadedConfig } from './load.js'
export { MAX_BYTES } from './document.js'
export type { Format } from './document.js'
export type { PluginLookup } from './plugin-lookup.js'
export { publishedPluginSchema, publishedSchema } from './published-schema.js'
export { REPORT_FORMATS } from './report/index.js'
export type { FormatOptions, ProblemReport, ReportFormat } from './report/index.js'
