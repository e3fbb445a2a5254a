// How js-yaml is told to read as Kong does.
import type yaml from 'js-yaml'
import { KONG_YAML } from './scalars.js'

// `json`: of a key given twice the last counts, as in Kong. The depth is far beyond any real file; the number of
// merged keys bounds what `<<` can multiply. The type definitions lack the last two.
export const YAML_OPTIONS: yaml.LoadOptions & { maxDepth: number; maxTotalMergeKeys: number } = {
  schema: KONG_YAML,
  json: true,
  maxDepth: 100,
  maxTotalMergeKeys: 1_000_000,
}
