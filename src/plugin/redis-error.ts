// Why a command of Redis came to nothing, in words that may be logged: never a password, never a command's arguments.
import { withoutStack } from '../errors/without-stack.js'

/**
 * `away`: there is no connection; `silent`: there is one, and no answer in time; `unfit`: another server should be asked,
 * such as a new master; `refused`: Redis says no to this command; `crowded`: so many commands wait for an answer that no
 * further one is sent.
 */
export type RedisTrouble = 'away' | 'silent' | 'unfit' | 'refused' | 'crowded'

export class RedisError extends Error {
  override readonly name = 'RedisError'
  readonly trouble: RedisTrouble

  constructor(trouble: RedisTrouble, message: string) {
    super(message)
    this.trouble = trouble
  }

  /** Without the cost of a stack trace: while Redis is away, each request may get one. */
  static of(trouble: RedisTrouble, message: string): RedisError {
    return withoutStack(() => new RedisError(trouble, message))
  }
}
