// The small pieces behind 'gw/plugin' that have no file of tests of their own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext, linesOf } from '../../test/support/fake-context.js'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { HeaderList } from '../util/header-list.js'
import { setAnonymousConsumer, setConsumer } from './consumer.js'
import { headerSpellings, valueOf, valuesOf } from './header-lookup.js'
import { addLogField, logFields } from './log-fields.js'
import { redisRecord, redisShorthands, type RedisSettings } from './config/redis.js'

const FORGED = [
  ['x-consumer-id', 'forged'],
  ['x-consumer-custom-id', 'forged'],
  ['x-consumer-username', 'forged'],
  ['x-credential-identifier', 'forged'],
  ['x-anonymous-consumer', 'forged'],
] as const

describe('setConsumer', () => {
  it('tells the target who is calling and removes what the consumer does not have', () => {
    const ctx = fakeContext({ headers: FORGED })
    const consumer = fakeConsumer({ id: 'c', username: 'u' })
    const credential = fakeCredential(consumer, { id: 'k' })
    setConsumer(ctx, consumer, credential, 'identifier')
    assert.equal(ctx.consumer, consumer)
    assert.equal(ctx.credential, credential)
    assert.deepEqual(linesOf(ctx.upstream.headers), [
      'X-Consumer-ID: c',
      'X-Consumer-Username: u',
      'X-Credential-Identifier: identifier',
    ])
  })

  it('leaves no header of a consumer when there is only a credential', () => {
    const ctx = fakeContext({ headers: FORGED })
    setConsumer(ctx, null, null, null)
    assert.deepEqual(linesOf(ctx.upstream.headers), [])
  })
})

describe('setAnonymousConsumer', () => {
  it('marks the consumer as anonymous', () => {
    const consumer = fakeConsumer({ id: 'c', custom_id: 'own' })
    const ctx = fakeContext({ headers: FORGED, store: fakeStore({ consumers: [consumer] }) })
    setAnonymousConsumer(ctx, 'c')
    assert.equal(ctx.consumer, consumer)
    assert.equal(ctx.credential, null)
    assert.deepEqual(linesOf(ctx.upstream.headers), [
      'X-Consumer-ID: c',
      'X-Consumer-Custom-ID: own',
      'X-Anonymous-Consumer: true',
    ])
  })

  it('throws when there is no such consumer', () => {
    assert.throws(() => setAnonymousConsumer(fakeContext(), 'nobody'), /"nobody" does not exist/)
  })
})

describe('header look-up', () => {
  const headers = new HeaderList()
  headers.add('Api-Key', 'dash')
  headers.add('X_Id', 'underscore')
  headers.add('X-Id', 'dash')
  headers.add('Twice', '1')
  headers.add('twice', '2')

  it('takes an underscore for a dash too, the exact spelling first', () => {
    assert.equal(valueOf(headers, headerSpellings('API_KEY')), 'dash')
    assert.equal(valueOf(headers, headerSpellings('x_id')), 'underscore')
    assert.equal(valueOf(headers, headerSpellings('x-id')), 'dash')
    assert.equal(valueOf(headers, headerSpellings('none')), undefined)
  })

  it('gives the first value or all of them', () => {
    assert.equal(valueOf(headers, ['twice']), '1')
    assert.deepEqual(valuesOf(headers, ['twice']), ['1', '2'])
    assert.equal(valuesOf(headers, ['api-key']), 'dash')
    assert.equal(valuesOf(headers, ['none']), undefined)
  })
})

describe('log fields', () => {
  it('are kept for one request, the later value winning', () => {
    const ctx = fakeContext()
    assert.equal(logFields(ctx).size, 0)
    addLogField(ctx, 'a', 1)
    addLogField(ctx, 'b', 2)
    addLogField(ctx, 'a', 3)
    assert.deepEqual(
      [...logFields(ctx)],
      [
        ['a', 3],
        ['b', 2],
      ],
    )
    assert.equal(logFields(fakeContext()).size, 0)
  })
})

describe('a redis record', () => {
  const spec = {
    name: 'any',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { redis: redisRecord, ...redisShorthands },
    },
  } as const
  const settings = (raw: object) => (complete(spec, raw) as { redis: RedisSettings }).redis

  it('has its defaults filled in', () => {
    assert.deepEqual(settings({}), {
      port: 6379,
      timeout: 2000,
      database: 0,
      ssl: false,
      ssl_verify: false,
    })
  })

  it('takes the old names, and both where they agree', () => {
    const raw = { redis_host: 'a', redis_port: 1, redis_ssl: true, redis: { host: 'a' } }
    const { host, port, ssl } = settings(raw)
    assert.deepEqual([host, port, ssl], ['a', 1, true])
  })

  it('is all that a plugin sees of them', () => {
    assert.deepEqual(Object.keys(complete(spec, { redis_host: 'a' })), ['redis'])
  })

  it('refuses both where they differ, and shows no password', () => {
    assert.deepEqual(faultsOf(spec, { redis_database: 1, redis: { database: 2 } }), [
      'redis_database: both deprecated and new field are used but their values mismatch: redis_database = 1 vs redis.database = 2',
    ])
    const faults = faultsOf(spec, { redis_password: 'hunter2', redis: { password: 'other' } })
    assert.equal(faults.length, 1)
    assert.doesNotMatch(faults.join(), /hunter2|other/)
  })

  it('names the old field when the type of its value is wrong', () => {
    assert.deepEqual(faultsOf(spec, { redis_port: 'x' }), ['redis_port: expected an integer'])
  })
})
