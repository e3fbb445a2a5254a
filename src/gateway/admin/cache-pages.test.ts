import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { FakeAdmin } from '../../../test/support/admin.js'

const USE = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9c00'
const OTHER = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9c01'
const FILE = `
_format_version: "3.0"
plugins:
- {id: ${USE}, name: proxy-cache, config: {strategy: memory}}
- {id: ${OTHER}, name: cors}
`

let admin: FakeAdmin
beforeEach(() => {
  admin = new FakeAdmin(FILE)
})

describe('the Admin API of proxy-cache', () => {
  it('empties the cache in all workers', async () => {
    assert.equal((await admin.ask('DELETE', '/proxy-cache')).status, 204)
    assert.deepEqual(admin.questions, [['proxy-cache', { kind: 'clear' }]])
    assert.equal((await admin.ask('GET', '/proxy-cache')).status, 405)
  })

  for (const path of ['/proxy-cache/abc', `/proxy-cache/${USE}/caches/abc`]) {
    it(`shows and drops ${path}, whichever worker has it`, async () => {
      admin.answers = [undefined, null, { status: 200 }]
      const shown = await admin.ask('GET', path)
      assert.deepEqual([shown.status, shown.json], [200, { status: 200 }])
      admin.answers = [false, true]
      assert.equal((await admin.ask('DELETE', path)).status, 204)
      assert.deepEqual(admin.questions, [
        ['proxy-cache', { kind: 'find', key: 'abc' }],
        ['proxy-cache', { kind: 'drop', key: 'abc' }],
      ])
    })

    it(`answers 404 for ${path} when none has it`, async () => {
      admin.answers = [null, undefined]
      assert.equal((await admin.ask('GET', path)).status, 404)
      admin.answers = [false]
      assert.equal((await admin.ask('DELETE', path)).status, 404)
    })
  }

  it('answers 503 when a Redis does not tell, unless a worker has what is asked for', async () => {
    admin.answers = [null, 'away']
    for (const [method, path] of [
      ['GET', '/proxy-cache/abc'],
      ['DELETE', '/proxy-cache/abc'],
      ['DELETE', '/proxy-cache'],
    ] as const) {
      assert.equal((await admin.ask(method, path)).status, 503, `${method} ${path}`)
    }
    admin.answers = ['away', { status: 200 }]
    assert.equal((await admin.ask('GET', '/proxy-cache/abc')).status, 200)
  })

  it('answers 404 for what is no use of it', async () => {
    for (const id of [OTHER, 'nobody']) {
      for (const method of ['GET', 'DELETE']) {
        const { status } = await admin.ask(method, `/proxy-cache/${id}/caches/abc`)
        assert.equal(status, 404)
      }
    }
    assert.deepEqual(admin.questions, [])
  })
})
