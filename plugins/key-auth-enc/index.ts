// key-auth with hashes of keys in place of keys: who reads the file, the memory or the Admin API cannot call with them.
import { askForKey, definePlugin, hashKey, prepareKeyAuth, type KeyAuthSource } from 'gw/plugin'
import { schema } from './schema.js'

let now: () => number = Date.now

const source: KeyAuthSource = {
  // Hashed before it is compared, so that the time which a look-up takes tells nothing of the keys that there are: a
  // client cannot choose what its key becomes. A hash that has leaked is no key either, since it would be hashed again.
  find: (ctx, key) => ctx.store.credential('keyauth_enc_credentials', hashKey(key)),
  now: () => now(),
}

export default definePlugin({
  name: 'key-auth-enc',
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
