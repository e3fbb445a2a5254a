import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import requestSizeLimiting from './index.js'

const TEN_BYTES = { allowed_payload_size: 10, size_unit: 'bytes' }
const CHUNKED: FakeRequest = { isChunked: true, headers: [['Transfer-Encoding', 'chunked']] }

async function ask(config: object, request: FakeRequest): Promise<FakeContext> {
  const ctx = fakeContext({ method: 'POST', ...request })
  const exit = await requestSizeLimiting.access?.(ctx, prepared(requestSizeLimiting, config))
  assert.equal(exit === undefined, ctx.answer === null)
  return ctx
}

/** Status and message, or null for a request that may pass. */
async function refusal(config: object, request: FakeRequest): Promise<string | null> {
  const { answer } = await ask(config, request)
  return answer === null ? null : `${answer.status} ${(answer.body as { message: string }).message}`
}

/** A request with a body of so many bytes, which it announces. */
function announced(bytes: number, ...headers: (readonly [string, string])[]): FakeRequest {
  return {
    body: Buffer.alloc(bytes),
    headers: [['Content-Length', String(bytes)], ...headers],
  }
}

function chunked(bytes: number, ...headers: (readonly [string, string])[]): FakeRequest {
  return {
    ...CHUNKED,
    body: Buffer.alloc(bytes),
    headers: [...(CHUNKED.headers ?? []), ...headers],
  }
}

describe('request-size-limiting', () => {
  const limits: readonly (readonly [config: object, bytes: number])[] = [
    [TEN_BYTES, 10],
    [{ allowed_payload_size: 2, size_unit: 'kilobytes' }, 2048],
    [{ allowed_payload_size: 1 }, 1_048_576],
    [{ allowed_payload_size: 0 }, 0],
  ]
  for (const [config, bytes] of limits) {
    const title = JSON.stringify(config)
    for (const [kind, request] of Object.entries({ announced, chunked })) {
      it(`with ${title} lets a body of ${bytes} bytes pass that is ${kind}`, async () => {
        assert.equal(await refusal(config, request(bytes)), null)
      })

      it(`with ${title} answers 413 to a body of ${bytes + 1} bytes that is ${kind}`, async () => {
        assert.equal(await refusal(config, request(bytes + 1)), '413 Request size limit exceeded')
      })
    }
  }

  it('neither reads nor waits for a body that says how long it is', () => {
    const use = prepared(requestSizeLimiting, TEN_BYTES)
    for (const bytes of [0, 10, 11]) {
      const ctx = fakeContext(announced(bytes))
      const result = requestSizeLimiting.access?.(ctx, use)
      assert.ok(!(result instanceof Promise))
      assert.equal(ctx.bodyReads, 0)
    }
  })

  it('leaves requests without a body alone', async () => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const ctx = await ask(TEN_BYTES, { method })
      assert.equal(ctx.answer, null)
      assert.equal(ctx.bodyReads, 0)
    }
  })

  it('counts the bytes of a body, whatever Content-Length is left of it', async () => {
    assert.equal(
      await refusal(TEN_BYTES, { body: Buffer.alloc(11) }),
      '413 Request size limit exceeded',
    )
  })

  it('leaves other faults of reading to the gateway', async () => {
    const ctx = fakeContext(chunked(1))
    const fault = new Error('broken')
    ctx.request.readBody = () => Promise.reject(fault)
    const use = prepared(requestSizeLimiting, TEN_BYTES)
    await assert.rejects(Promise.resolve(requestSizeLimiting.access?.(ctx, use)), fault)
  })

  describe('to a client that waits for 100 Continue', () => {
    for (const value of ['100-continue', '100-Continue', ' 100-CONTINUE ']) {
      it(`answers 417 instead (Expect: ${JSON.stringify(value)})`, async () => {
        for (const request of [announced(11, ['Expect', value]), chunked(11, ['Expect', value])]) {
          assert.equal(await refusal(TEN_BYTES, request), '417 Request size limit exceeded')
        }
      })
    }

    it('answers 413 when it expects something else', async () => {
      const request = announced(11, ['Expect', '200-ok'])
      assert.equal(await refusal(TEN_BYTES, request), '413 Request size limit exceeded')
    })

    it('answers nothing when the body is small enough', async () => {
      assert.equal(await refusal(TEN_BYTES, announced(10, ['Expect', '100-continue'])), null)
    })
  })

  describe('with require_content_length', () => {
    const config = { ...TEN_BYTES, require_content_length: true }
    const REQUIRED = '411 A valid Content-Length header is required'

    for (const method of ['GET', 'HEAD', 'POST']) {
      it(`answers 411 to ${method} without Content-Length`, async () => {
        assert.equal(await refusal(config, { method }), REQUIRED)
      })
    }

    it('answers 411 even if the body is too long', async () => {
      assert.equal(await refusal(config, { body: Buffer.alloc(11) }), REQUIRED)
    })

    it('judges a body with Content-Length by its size', async () => {
      assert.equal(await refusal(config, announced(0)), null)
      assert.equal(await refusal(config, announced(11)), '413 Request size limit exceeded')
    })

    it('measures a body in chunks', async () => {
      assert.equal(await refusal(config, chunked(10)), null)
      assert.equal(await refusal(config, chunked(11)), '413 Request size limit exceeded')
    })

    it('takes a body in chunks that another plugin has read', async () => {
      assert.equal(await refusal(config, { ...chunked(10), isChunked: false }), null)
    })
  })

  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(requestSizeLimiting, {}), {
      allowed_payload_size: 128,
      size_unit: 'megabytes',
      require_content_length: false,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ size_unit: 'gigabytes' }, 'size_unit: expected one of: megabytes, kilobytes, bytes'],
    [{ size_unit: null }, 'size_unit: required field missing'],
    [{ allowed_payload_size: 1.5 }, 'allowed_payload_size: expected an integer'],
    [{ allowed_payload_size: '10' }, 'allowed_payload_size: expected an integer'],
  ]
  for (const [config, fault] of refused) {
    it(`refuses ${JSON.stringify(config)} in the words of Kong`, () => {
      assert.deepEqual(faultsOf(requestSizeLimiting, config), [fault])
    })
  }
})
