import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authenticatedGroups } from 'gw/plugin'
import { fakeContext, linesOf, type FakeContext } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential } from '../../test/support/fake-entities.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import type { Credential } from '../../src/model/entities.js'
import type { Store } from '../../src/model/snapshot.js'
import acl from './index.js'

const EXACTLY = "exactly one of these fields must be non-empty: 'config.allow', 'config.deny'"
const AT_LEAST = "at least one of these fields must be non-empty: 'config.allow', 'config.deny'"

describe('a configuration of acl', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(acl, { allow: ['admin'] }), {
      allow: ['admin'],
      hide_groups_header: false,
      always_use_authenticated_groups: false,
    })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ deny: ['a'] }, []],
    [{ allow: [], deny: ['a'] }, []],
    [{ allow: ['a'], deny: ['b'] }, [EXACTLY]],
    [{}, [EXACTLY, AT_LEAST]],
    [{ allow: [] }, [EXACTLY, AT_LEAST]],
    [{ allow: 'a' }, ['allow: expected an array']],
    [{ allow: [''] }, ['allow[0]: length must be at least 1']],
    [{ allow: ['a'], hide_groups_header: null }, ['hide_groups_header: required field missing']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(acl, config), faults)
    })
  }

  it('does not know the names of old versions', () => {
    assert.ok(faultsOf(acl, { whitelist: ['a'] }).includes('whitelist: unknown field'))
  })
})

const FORBIDDEN = [403, 'You cannot consume this service']
const UNAUTHORIZED = [401, 'Unauthorized']
const PASSES = null

interface Caller {
  /** Groups of the consumer, in the order of the file; ids run the other way. Null for nobody. */
  readonly groups?: readonly string[] | null
  readonly isAnonymous?: boolean
  readonly hasNoConsumer?: boolean
  /** Groups that another plugin has found. */
  readonly found?: readonly string[]
  readonly headers?: readonly (readonly [string, string])[]
}

function ask(caller: Caller, config: object): FakeContext {
  const use = prepared(acl, config)
  const ctx = contextOf(caller)
  assert.equal(acl.access?.(ctx, use) === undefined, ctx.answer === null)
  return ctx
}

function contextOf({ groups = [], isAnonymous, hasNoConsumer, found, headers = [] }: Caller) {
  const consumer = fakeConsumer({ id: 'consumer' })
  const credential =
    groups === null || isAnonymous === true ? null : fakeCredential(consumer, { id: 'k' })
  const memberships = (groups ?? []).map((group, i) =>
    fakeCredential(consumer, { id: `id-${9 - i}`, group }),
  )
  const named = groups === null || hasNoConsumer === true ? null : consumer
  const ctx = fakeContext({ headers, consumer: named, credential, store: storeOf(memberships) })
  if (found !== undefined) ctx.set(authenticatedGroups, found)
  return ctx
}

function storeOf(memberships: readonly Credential[]): Store {
  return {
    consumer: () => undefined,
    consumerBy: () => undefined,
    credential: () => undefined,
    credentialsOf: (collection) => (collection === 'acls' ? memberships : []),
  }
}

function outcome({ answer }: FakeContext): unknown {
  if (answer === null) return PASSES
  assert.deepEqual(answer.headers, {})
  return [answer.status, (answer.body as { message?: unknown }).message]
}

describe('acl', () => {
  const nobody: Caller = { groups: null }
  const cases: readonly (readonly [title: string, Caller, config: object, expected: unknown])[] = [
    ['nobody', nobody, { allow: ['a'] }, UNAUTHORIZED],
    ['nobody', nobody, { deny: ['a'] }, UNAUTHORIZED],
    ['a consumer without groups', {}, { allow: ['a'] }, FORBIDDEN],
    ['a consumer without groups', {}, { deny: ['a'] }, PASSES],
    ['a consumer of a listed group', { groups: ['b', 'a'] }, { allow: ['a'] }, PASSES],
    ['a consumer of a listed group', { groups: ['b', 'a'] }, { deny: ['a'] }, FORBIDDEN],
    ['a consumer of another group', { groups: ['b'] }, { allow: ['a', 'c'] }, FORBIDDEN],
    ['a consumer of another group', { groups: ['b'] }, { deny: ['a', 'c'] }, PASSES],
    ['a group in other letters', { groups: ['A'] }, { allow: ['a'] }, FORBIDDEN],
    ['a credential alone', { groups: ['a'], hasNoConsumer: true }, { allow: ['a'] }, PASSES],
    [
      'an anonymous consumer of the group',
      { groups: ['a'], isAnonymous: true },
      { allow: ['a'] },
      PASSES,
    ],
    [
      'an anonymous consumer of another',
      { groups: ['b'], isAnonymous: true },
      { allow: ['a'] },
      FORBIDDEN,
    ],
    ['an anonymous consumer without groups', { isAnonymous: true }, { allow: ['a'] }, UNAUTHORIZED],
    ['an anonymous consumer without groups', { isAnonymous: true }, { deny: ['a'] }, PASSES],
    ['nobody with a found group', { ...nobody, found: ['a'] }, { allow: ['a'] }, PASSES],
    ['nobody with another found group', { ...nobody, found: ['b'] }, { allow: ['a'] }, FORBIDDEN],
    ['a consumer with a found group', { groups: ['b'], found: ['a'] }, { allow: ['a'] }, FORBIDDEN],
    [
      'a consumer with a found group, which is preferred',
      { groups: ['b'], found: ['a'] },
      { allow: ['a'], always_use_authenticated_groups: true },
      PASSES,
    ],
    [
      'a consumer of a listed group, when there are no others to prefer',
      { groups: ['a'] },
      { allow: ['a'], always_use_authenticated_groups: true },
      PASSES,
    ],
  ]
  for (const [title, caller, config, expected] of cases) {
    it(`${JSON.stringify(config)} ${expected === PASSES ? 'lets pass' : 'refuses'} ${title}`, () => {
      assert.deepEqual(outcome(ask(caller, config)), expected)
    })
  }

  const FORGED = [
    ['x-consumer-groups', 'forged'],
    ['x-authenticated-groups', 'forged'],
  ] as const

  it('tells the target the groups of the consumer, by their ids, and lets no forged ones through', () => {
    const ctx = ask({ groups: ['b', 'a', 'c'], headers: FORGED }, { allow: ['a'] })
    assert.deepEqual(linesOf(ctx.upstream.headers), ['X-Consumer-Groups: c, a, b'])
  })

  it('tells the target that a consumer has no groups', () => {
    const ctx = ask({ headers: FORGED }, { deny: ['a'] })
    assert.deepEqual(linesOf(ctx.upstream.headers), ['X-Consumer-Groups: '])
  })

  it('tells the target groups that another plugin has found', () => {
    const ctx = ask({ groups: null, found: ['a', 'b'], headers: FORGED }, { allow: ['a'] })
    assert.deepEqual(linesOf(ctx.upstream.headers), ['X-Authenticated-Groups: a, b'])
  })

  it('tells the target nothing when that is not wanted', () => {
    const config = { allow: ['a'], hide_groups_header: true }
    const ctx = ask({ groups: ['a'], headers: FORGED }, config)
    assert.deepEqual(linesOf(ctx.upstream.headers), [])
  })

  it('knows a consumer by its groups alone, which a reload may change', () => {
    const use = prepared(acl, { allow: ['a'] })
    const before = contextOf({ groups: ['a'] })
    const after = contextOf({ groups: ['b'] })
    for (const ctx of [before, before, after]) void acl.access?.(ctx, use)
    assert.equal(before.answer, null)
    assert.deepEqual(outcome(after), FORBIDDEN)
  })
})
