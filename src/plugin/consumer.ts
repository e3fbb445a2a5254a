// What every authentication plugin does once it knows who is calling, or that it does not.
import type { Consumer, CallerCredential } from '../model/entities.js'
import type { AccessContext } from './contract.js'
import { HeaderGroup } from '../util/header-list.js'

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
  setCaller(ctx, consumer, identifier, null)
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
  setCaller(ctx, consumer, null, 'true')
  ctx.authenticate(consumer, null)
}

const CALLER = new HeaderGroup([
  'X-Consumer-ID',
  'X-Consumer-Custom-ID',
  'X-Consumer-Username',
  'X-Credential-Identifier',
  'X-Anonymous-Consumer',
])

function setCaller(
  { upstream: { headers } }: AccessContext,
  consumer: Consumer | null,
  identifier: string | null,
  anonymous: 'true' | null,
): void {
  const named = consumer === null ? NOBODY : [consumer.id, consumer.custom_id, consumer.username]
  headers.setEach(CALLER, [...named, identifier, anonymous])
}

const NOBODY = [null, null, null]
