// What every authentication plugin does once it knows who is calling, or that it does not.
import type { Consumer, CallerCredential } from '../model/entities.js'
import type { AccessContext } from './contract.js'
import type { Headers } from '../util/header-list.js'

/**
 * Names the consumer and tells the target. Headers of these names that the client sent are overwritten or removed,
 * so that a target may trust them.
 * @param identifier what X-Credential-Identifier holds (key-auth: the credential's id); null for none
 */
// HOT PATH: once per authenticated request.
export function setConsumer(
  ctx: AccessContext,
  consumer: Consumer | null,
  credential: CallerCredential | null,
  identifier: string | null,
): void {
  const { headers } = ctx.upstream
  setConsumerHeaders(headers, consumer)
  setOrRemove(headers, 'X-Credential-Identifier', identifier)
  headers.remove('X-Anonymous-Consumer')
  ctx.authenticate(consumer, credential)
}

/**
 * Lets a request that could not be authenticated go on as the consumer that a plugin's `anonymous` names.
 * Throws when there is none, which answers 500: Kong looks for it just as late.
 * @param anonymous id or username
 */
export function setAnonymousConsumer(ctx: AccessContext, anonymous: string): void {
  const consumer = ctx.store.consumer(anonymous)
  if (consumer === undefined) {
    throw new Error(`the anonymous consumer ${JSON.stringify(anonymous)} does not exist`)
  }
  const { headers } = ctx.upstream
  setConsumerHeaders(headers, consumer)
  headers.remove('X-Credential-Identifier')
  headers.set('X-Anonymous-Consumer', 'true')
  ctx.authenticate(consumer, null)
}

function setConsumerHeaders(headers: Headers, consumer: Consumer | null): void {
  setOrRemove(headers, 'X-Consumer-ID', consumer === null ? null : consumer.id)
  setOrRemove(headers, 'X-Consumer-Custom-ID', consumer === null ? null : consumer.custom_id)
  setOrRemove(headers, 'X-Consumer-Username', consumer === null ? null : consumer.username)
}

function setOrRemove(headers: Headers, name: string, value: string | null): void {
  if (value === null) headers.remove(name)
  else headers.set(name, value)
}
