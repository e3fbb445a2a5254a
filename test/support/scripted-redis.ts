// A Redis whose answers a test gives, without a socket.
import type { Argument } from '../../src/plugin/redis-client.js'
import type { RedisUser } from '../../src/plugin/redis-user.js'
import { SharedRedis } from '../../src/plugin/shared-redis.js'
import { silentEnv } from './plugin-env.js'

/** Rejects with RedisError for a command that fails. */
type Run = (keys: readonly string[], args: readonly Argument[]) => Promise<unknown[]>

export function useScriptedRedis(user: RedisUser, run: Run): void {
  const { log, serverTrust: trust } = silentEnv(0)
  const connection = {
    run: (_: unknown, ...command: Parameters<Run>) => run(...command),
    close: () => undefined,
  }
  const redis = new SharedRedis(user.target, {
    connect: () => Promise.resolve(connection),
    trust,
    log,
    now: () => 0,
  })
  redis.open()
  user.use(redis)
}
