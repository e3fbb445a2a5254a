// Values without which a plugin is refused: the host of a Redis, the one strategy of proxy-cache, and a policy in place of
// `cluster`, which only Kong with a database has.
import { pluginConfigs, type PluginConfig } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { stepOf } from './moved-fields.js'
import type { Splice } from './splice.js'
import { startOf, type Entry, type Tree } from './tree.js'
import { appendEntry, insertLinesAfter, rewriteScalar, written } from './writer.js'

const PLUGINS = new Set(['rate-limiting', 'response-ratelimiting'])
const HOST = '127.0.0.1'

export const fixMissingValues: Fixer = (tree) =>
  pluginConfigs(tree).flatMap((config) => {
    if (config.name === 'proxy-cache') return addStrategy(tree, config)
    if (!PLUGINS.has(config.name)) return []
    const entry = config.fields.get('policy')
    const policy = tree.textOf(entry?.raw)
    const node = tree.scalarAt(entry?.raw)
    if (policy === 'cluster' && node !== null) {
      const splices = rewriteScalar(tree, node, 'local')
      const note = 'each node counts for itself; to count together, use redis'
      const message = "'cluster' needs a database; now 'local'"
      return draft([...config.path, 'policy'], startOf(node), splices, message, note)
    }
    return policy === 'redis' ? addHost(tree, config) : []
  })

function addStrategy(tree: Tree, { map, fields, path }: PluginConfig): Draft[] {
  const first = tree.entries(map)[0]
  if (fields.has('strategy') || first === undefined) return []
  const splices = appendEntry(tree, map, 'strategy', written(tree, 'memory', map.flow === true))
  const message = "'memory' is written in, the only strategy there is"
  return draft([...path, 'strategy'], startOf(first.keyNode), splices, message)
}

function addHost(tree: Tree, { fields, path, plugin }: PluginConfig): Draft[] {
  const policy = fields.get('policy')
  const redis = fields.get('redis')
  if (policy === undefined || fields.has('redis_host')) return []
  const message = `policy is redis, but no host was named: ${HOST} is written in`
  const note = 'a guess: put in where your Redis is'
  const where = [...path, 'redis', 'host']
  if (redis !== undefined) {
    const map = tree.mapAt(redis.raw)
    if (map === null || map !== redis.raw || tree.fields(map).has('host')) return []
    const splices = appendEntry(tree, map, 'host', written(tree, HOST, map.flow === true))
    return draft(where, startOf(redis.keyNode), splices, message, note)
  }
  const config = plugin.fields.get('config')
  const step = config ? stepOf(tree, config, policy.owner) : 2
  return draft(where, startOf(policy.keyNode), addRedis(tree, policy, step), message, note)
}

function addRedis(tree: Tree, policy: Entry, step: number): Splice[] | null {
  if (policy.owner.flow === true) {
    const host = `${written(tree, 'host', true)}: ${written(tree, HOST, true)}`
    const at = tree.endOf(policy)
    const text = `, ${written(tree, 'redis', true)}: {${host}}`
    return [{ start: at, end: at, text }]
  }
  const indent = ' '.repeat(tree.columnOf(startOf(policy.keyNode)) + step)
  return insertLinesAfter(tree, policy, `redis:${tree.eol}${indent}host: ${HOST}`)
}
