// Finds out who is calling by a key that the consumer was given.
import { askForKey, definePlugin, prepareKeyAuth, type KeyAuthSource } from 'gw/plugin'
import { schema } from './schema.js'

let now: () => number = Date.now

const source: KeyAuthSource = {
  find: (ctx, key) => ctx.store.credential('keyauth_credentials', key),
  now: () => now(),
}

export default definePlugin({
  name: 'key-auth',
  version: '3.9.1',
  priority: 1250,
  schema,
  scopes: ['global', 'service', 'route'],

  init(env) {
    now = () => env.now()
  },

  prepare: prepareKeyAuth,

  // HOT PATH
  access: (ctx, use) => askForKey(ctx, use, source),
})
