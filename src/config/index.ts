// What the floors above use of config/ to serve. What only a command asks for (reports, the closer look, fixes, printing,
// the published schema) is imported from where it is, so that `gw start` loads none of it.
export { FORMATS } from './formats/formats.js'
export { loadConfig } from './load.js'
export type { ConfigText, LoadContext, LoadedConfig } from './load.js'
export { MAX_BYTES } from './max-bytes.js'
export type { Format } from './document.js'
export type { PluginLookup } from './plugin-lookup.js'
export { Secrets } from './vault-secrets.js'
