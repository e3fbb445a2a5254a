// Whatever JSON is sent, there is an answer, and its parts agree.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FakeAdmin } from '../../../test/support/admin.js'

const NAMES = [
  ...['services', 'routes', 'plugins', 'consumers', 'upstreams', 'certificates', 'snis', 'keys'],
  ...['keyauth_credentials', 'name', 'host', 'port', 'paths', 'headers', 'config', 'tags', 'id'],
  ...['service', 'healthchecks', 'key', '__proto__', 'constructor', '@entity', 'error', 'a.b', ''],
]
const PLUGINS = ['cors', 'key-auth', 'rate-limiting', 'jwt', 'nope']

const { value, record } = fc.letrec<{ value: unknown; record: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1, 1e300, '', 'a', '/p', '\n"\\]]', ...PLUGINS),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('record'),
  ),
  record: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 5 }),
}))
const document = record.map((content) => ({ _format_version: '3.0', ...content }))
const admin = new FakeAdmin('_format_version: "3.0"\n')

function send(target: string, body: unknown): ReturnType<FakeAdmin['ask']> {
  const headers = { 'content-type': 'application/json' }
  return admin.ask('POST', target, { headers, body: JSON.stringify(body) })
}

describe('the Admin API', () => {
  it('takes or refuses any document, with as many places as faults', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (content) => {
        const { status, json } = await send('/config?flatten_errors=1&positions=1', content)
        assert.ok(status === 201 || status === 400)
        if (status === 201) return
        const answer = json as {
          readonly fields: object
          readonly flattened_errors: readonly { readonly errors: readonly object[] }[]
          readonly problems: readonly object[]
        }
        const flat = answer.flattened_errors.flatMap(({ errors }) => errors).length
        assert.ok(flat <= answer.problems.length)
        assert.equal(Object.keys(answer.fields).length > 0, flat < answer.problems.length)
      }),
      { numRuns: 500 },
    )
  })

  for (const name of ['services', 'routes', 'plugins', 'upstreams', 'keyauth_credentials']) {
    it(`judges anything as one of the ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(value, async (content) => {
          const { status } = await send(`/schemas/${name}/validate`, content)
          assert.ok(status === 200 || status === 400)
        }),
        { numRuns: 200 },
      )
    })
  }
})
