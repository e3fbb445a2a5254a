import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { FORMATS } from '../../src/config/index.js'
import { loadPlugins } from '../../src/plugin/loader.js'
import type { Plugin } from 'gw/plugin'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'

const SOURCE = path.resolve(import.meta.dirname, '../../../examples/plugins/tag-tenant.ts')

describe('tag-tenant, loaded from a folder of its own', () => {
  let folder: string
  let plugin: Plugin

  before(async () => {
    // No package.json and no node_modules up there, as on a machine that has just the gateway.
    folder = await mkdtemp(path.join(tmpdir(), 'gw-example-'))
    await copyFile(SOURCE, path.join(folder, 'tag-tenant.ts'))
    const registry = await loadPlugins({
      enabled: ['tag-tenant'],
      path: folder,
      bundled: [],
      formats: FORMATS,
    })
    const loaded = registry.get('tag-tenant')
    assert.ok(loaded)
    plugin = loaded
  })
  after(() => rm(folder, { recursive: true }))

  async function ask(request: FakeRequest, config: object = {}): Promise<FakeContext> {
    const ctx = fakeContext(request)
    await plugin.access?.(ctx, prepared(plugin, config))
    return ctx
  }

  it('sends the target the tenant of the header', async () => {
    const ctx = await ask({ headers: [['x-tenant', 'acme']] })
    assert.equal(ctx.answer, null)
    assert.equal(ctx.upstream.headers.get('x-tenant-name'), 'acme')
  })

  it('reads the tenant from the query, and names it in another header', async () => {
    const config = { source: 'query', name: 'tenant', target_header: 'X-For' }
    const ctx = await ask({ target: '/?tenant=acme' }, config)
    assert.equal(ctx.upstream.headers.get('x-for'), 'acme')
  })

  it('answers 400 without a tenant', async () => {
    for (const target of ['/', '/?tenant', '/?tenant=']) {
      const ctx = await ask({ target }, { source: 'query', name: 'tenant' })
      assert.equal(ctx.answer?.status, 400)
      assert.deepEqual(ctx.answer.body, { message: 'tenant is missing' })
    }
  })

  it('answers 403 for a tenant that is not in the list', async () => {
    const config = { tenants: ['acme'] }
    assert.equal((await ask({ headers: [['x-tenant', 'other']] }, config)).answer?.status, 403)
    assert.equal((await ask({ headers: [['x-tenant', 'acme']] }, config)).answer, null)
  })

  it('refuses a field that its schema does not have', () => {
    assert.throws(() => prepared(plugin, { headr: 'x' }), /headr: unknown field/)
  })
})
