import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import standardWebhooks from './index.js'

const NOW = 1_700_000_000
const SECRET = 's3cret'
const BODY = '{"a":1}'

function sign(id: string, timestamp: string, body: string, secret = SECRET): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

interface Webhook {
  readonly id?: string
  readonly timestamp?: string
  readonly signature?: string
  readonly body?: string
}

function webhook(fields: Webhook = {}): FakeRequest & { headers: [string, string][] } {
  const { id = 'm1', timestamp = String(NOW), body = BODY } = fields
  const { signature = sign(id, timestamp, body) } = fields
  return {
    method: 'POST',
    body,
    headers: [
      ['webhook-id', id],
      ['Webhook-Timestamp', timestamp],
      ['webhook-signature', signature],
    ],
  }
}

async function ask(request: FakeRequest, config: object = {}): Promise<FakeContext> {
  void standardWebhooks.init?.(silentEnv(NOW * 1000))
  const ctx = fakeContext(request)
  await standardWebhooks.access?.(ctx, prepared(standardWebhooks, { secret_v1: SECRET, ...config }))
  return ctx
}

function without(name: string): FakeRequest {
  const { headers, ...request } = webhook()
  return { ...request, headers: headers.filter(([one]) => one.toLowerCase() !== name) }
}

function twice(name: string): FakeRequest {
  const { headers, ...request } = webhook()
  return { ...request, headers: [...headers, [name, 'x']] }
}

describe('standard-webhooks', () => {
  const good = sign('m1', String(NOW), BODY)
  const cases: readonly (readonly [
    title: string,
    passes: boolean,
    FakeRequest,
    config?: object,
  ])[] = [
    ['the right signature', true, webhook()],
    ['the same once more, since nothing is remembered', true, webhook()],
    ['a body in chunks', true, { ...webhook(), isChunked: true }],
    ['letters beyond ASCII', true, webhook({ id: 'ümlaut', body: '\u{1f600}' })],
    ['a dot in the id', true, webhook({ id: 'a.b' })],
    [
      'a secret that looks like base64, as it is written',
      true,
      webhook({ signature: sign('m1', String(NOW), BODY, 'whsec_AAAA') }),
      { secret_v1: 'whsec_AAAA' },
    ],
    ['a timestamp as old as may be', true, webhook({ timestamp: String(NOW - 300) })],
    ['a timestamp that is too old', false, webhook({ timestamp: String(NOW - 301) })],
    ['a timestamp to come', true, webhook({ timestamp: String(NOW + 9999) })],
    [
      'an old timestamp that is tolerated',
      true,
      webhook({ timestamp: '0' }),
      { tolerance_second: NOW },
    ],
    ['now, and no tolerance', true, webhook(), { tolerance_second: 0 }],
    [
      'a second ago, and no tolerance',
      false,
      webhook({ timestamp: String(NOW - 1) }),
      { tolerance_second: 0 },
    ],
    ...[
      'soon',
      '',
      '1e9',
      '0x6553F100',
      '01',
      '-1',
      '+1',
      `${NOW}.0`,
      ' 1',
      '9'.repeat(30),
      '\u0661',
    ].map(
      (timestamp) =>
        [
          `${JSON.stringify(timestamp)} for a timestamp`,
          false,
          webhook({ timestamp }),
          { tolerance_second: 1e12 },
        ] as const,
    ),
    ['no id', false, without('webhook-id')],
    ['no timestamp', false, without('webhook-timestamp')],
    ['no signature', false, without('webhook-signature')],
    ['two ids', false, twice('webhook-id')],
    ['two timestamps', false, twice('webhook-timestamp')],
    ['two signatures in two headers', false, twice('webhook-signature')],
    ['two signatures in one header', false, webhook({ signature: `${good} ${good}` })],
    ['a signature without its version', false, webhook({ signature: good.slice(3) })],
    ['a signature of another version', false, webhook({ signature: `v2,${good.slice(3)}` })],
    ['a signature cut short', false, webhook({ signature: good.slice(0, -1) })],
    ['a signature in other letters', false, webhook({ signature: good.toUpperCase() })],
    ['an empty signature', false, webhook({ signature: '' })],
    ['a huge signature', false, webhook({ signature: good.repeat(1000) })],
    [
      'a signature of another secret',
      false,
      webhook({ signature: sign('m1', String(NOW), BODY, 'x') }),
    ],
    ['a signature of another id', false, webhook({ id: 'm2', signature: good })],
    [
      'a signature of another timestamp',
      false,
      webhook({ timestamp: String(NOW + 1), signature: good }),
    ],
    ['another body', false, webhook({ body: '{"a":2}', signature: good })],
    ['no body', false, webhook({ body: '' })],
    ['chunks without a body', false, { ...webhook({ body: '' }), isChunked: true }],
  ]
  for (const [title, passes, request, config] of cases) {
    it(`${passes ? 'lets pass' : 'answers 400 for'} ${title}`, async () => {
      const { answer } = await ask(request, config)
      assert.equal(answer?.status, passes ? undefined : 400)
    })
  }

  it('reads no body of a request that it refuses for its headers', async () => {
    assert.equal((await ask(webhook({ timestamp: '0' }))).bodyReads, 0)
    assert.equal((await ask(twice('webhook-id'))).bodyReads, 0)
  })

  it('answers 413 for a body beyond its limit', async () => {
    await assert.rejects(ask(webhook({ body: 'x'.repeat(2 ** 20 + 1) })), {
      code: 'BODY_TOO_LARGE',
    })
  })
})

describe('a configuration of standard-webhooks', () => {
  it('has the defaults of Kong', () => {
    const config = complete(standardWebhooks, { secret_v1: 's' })
    assert.deepEqual(config, { secret_v1: 's', tolerance_second: 300 })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ secret_v1: '{vault://env/webhooks}', tolerance_second: 0 }, []],
    [{}, ['secret_v1: required field missing']],
    [{ secret_v1: null }, ['secret_v1: required field missing']],
    [{ secret_v1: 5 }, ['secret_v1: expected a string']],
    [{ secret_v1: 's', tolerance_second: -1 }, ['tolerance_second: value must be greater than -1']],
    [{ secret_v1: 's', tolerance_second: 1.5 }, ['tolerance_second: expected an integer']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(standardWebhooks, config), faults)
    })
  }
})
