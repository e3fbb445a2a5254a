import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { FakeAdmin } from '../../../test/support/admin.js'

const ID = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b40'
const FILE = `
_format_version: "3.0"
services:
- {name: a, id: ${ID}, host: a.test, tags: [t1, t2], routes: [{name: r, paths: [/p]}, {name: q, paths: [/q], tags: [t1]}]}
- {name: b, host: b.test, tags: [t2]}
- {name: c, host: c.test}
consumers: [{username: u, custom_id: c1, tags: [t2], keyauth_credentials: [{key: k1}]}, {username: v}]
plugins: [{name: key-auth, route: q}]
upstreams: [{name: up, targets: [{target: "127.0.0.1:80"}]}]
`

interface List {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly next: string | null
}

let admin: FakeAdmin
beforeEach(() => {
  admin = new FakeAdmin(FILE)
})

async function list(target: string): Promise<List> {
  const { status, json, body } = await admin.ask('GET', target)
  assert.equal(status, 200, body)
  return json as List
}

async function names(target: string): Promise<unknown[]> {
  return (await list(target)).data.map(({ name }) => name).sort()
}

describe('lists of entities', () => {
  it('come in pages that are linked, each entity once', async () => {
    const seen: unknown[] = []
    let pages = 0
    for (let at: string | null = '/services?size=2'; at !== null; pages++) {
      const { data, next }: List = await list(at)
      seen.push(...data.map(({ name }) => name))
      at = next
    }
    assert.equal(pages, 2)
    assert.deepEqual(seen.sort(), ['a', 'b', 'c'])
  })

  it('keep the filter from page to page', async () => {
    const first = await list('/services?tags=t2&size=1')
    const second = await list(first.next ?? '')
    const found = [...first.data, ...second.data].map(({ name }) => name)
    assert.deepEqual(found.sort(), ['a', 'b'])
    assert.equal(second.next, null)
  })

  it('are filtered by all of several tags, or by one of them', async () => {
    assert.deepEqual(await names('/services?tags=t1,t2'), ['a'])
    assert.deepEqual(await names('/services?tags=t1/t2'), ['a', 'b'])
    assert.equal((await admin.ask('GET', '/services?tags=a,b/c')).status, 400)
  })

  it('are those below an entity', async () => {
    assert.deepEqual(await names('/services/a/routes'), ['q', 'r'])
    assert.deepEqual(await names(`/services/${ID}/routes`), ['q', 'r'])
    assert.deepEqual(await names('/routes/q/plugins'), ['key-auth'])
    assert.deepEqual(await names('/services/b/routes'), [])
    assert.equal((await admin.ask('GET', '/services/none/routes')).status, 404)
  })

  for (const size of ['0', '1001', 'x', '1.5', '']) {
    it(`refuse the size '${size}'`, async () => {
      const { status, json } = await admin.ask('GET', `/services?size=${size}`)
      assert.equal(status, 400)
      assert.deepEqual(json, {
        code: 9,
        name: 'invalid size',
        message: 'size must be an integer between 1 and 1000',
      })
    })
  }

  it('are empty behind an offset that leads nowhere', async () => {
    assert.deepEqual(await list('/services?offset=zzz'), { data: [], next: null })
  })

  it('find a consumer by custom_id', async () => {
    const { data } = await list('/consumers?custom_id=c1')
    assert.deepEqual(
      data.map(({ username }) => username),
      ['u'],
    )
  })
})

describe('an entity', () => {
  it('is found by name and by id, and shows its references as ids', async () => {
    const byName = await admin.ask('GET', '/services/a')
    assert.deepEqual((await admin.ask('GET', `/services/${ID}`)).json, byName.json)
    const { service } = (await admin.ask('GET', '/routes/r')).json as { service: unknown }
    assert.deepEqual(service, { id: ID })
    assert.deepEqual((await admin.ask('GET', '/routes/r/service')).json, byName.json)
  })

  it('is found below its parent alone', async () => {
    assert.equal((await admin.ask('GET', '/services/a/routes/r')).status, 200)
    assert.equal((await admin.ask('GET', '/services/b/routes/r')).status, 404)
    assert.equal((await admin.ask('GET', '/upstreams/up/targets/127.0.0.1:80')).status, 200)
    assert.equal((await admin.ask('GET', '/consumers/u/key-auth/k1')).status, 200)
    assert.equal((await admin.ask('GET', '/consumers/v/key-auth/k1')).status, 404)
  })

  it('shows every field of its configuration', async () => {
    const { data } = await list('/plugins')
    const { config } = data[0] as { config: Record<string, unknown> }
    assert.equal(config.anonymous, null)
    assert.deepEqual(config.key_names, ['apikey'])
  })

  it('is shown as it is after another configuration came', async () => {
    await admin.load({ text: '_format_version: "3.0"', file: 'new.yml' })
    assert.equal((await admin.ask('GET', '/services/a')).status, 404)
    assert.deepEqual(await list('/services'), { data: [], next: null })
  })
})

describe('a write of a single entity', () => {
  const send = (method: string, target: string, body: object) =>
    admin.ask(method, target, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const refusal = (text: string): object => ({
    code: 12,
    name: 'operation unsupported',
    message: `cannot ${text} when not using a database`,
  })

  for (const [method, target, body, text] of [
    ['POST', '/services', { host: 'x.test' }, "create 'services' entities"],
    ['PUT', '/services/n', { host: 'x.test' }, "create or update 'services' entities by 'name'"],
    ['PATCH', '/consumers/u', {}, "update 'consumers' entities by 'username'"],
    ['DELETE', `/services/${ID}`, {}, "remove 'services' entities"],
    [
      'PUT',
      '/consumers/u/key-auth/k',
      {},
      "create or update 'keyauth_credentials' entities by 'key'",
    ],
    ['POST', '/consumers/u/key-auth', { key: 'x' }, "create 'keyauth_credentials' entities"],
  ] as const) {
    it(`is refused: ${method} ${target}`, async () => {
      const { status, json } = await send(method, target, body)
      assert.equal(status, 405)
      assert.deepEqual(json, refusal(text))
    })
  }

  it('is told first what is wrong with it', async () => {
    const { status, json } = await send('POST', '/services', { port: 'x', path: 'x' })
    assert.equal(status, 400)
    assert.deepEqual(json, {
      code: 2,
      name: 'schema violation',
      message:
        '3 schema violations (host: required field missing; path: should start with: /; port: expected an integer)',
      fields: {
        host: 'required field missing',
        path: 'should start with: /',
        port: 'expected an integer',
      },
    })
  })

  it('is refused when it is nested deeper than any entity', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const headers = { 'content-type': 'application/json' }
    assert.equal((await admin.ask('POST', '/services', { headers, body: deep })).status, 400)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `${'a.'.repeat(50_000)}b=1`
    assert.equal((await admin.ask('POST', '/services', { headers: form, body })).status, 400)
  })

  it('is read from a form by what the schema says', async () => {
    const body = 'name=r&paths[1]=/a&paths[2]=/b&strip_path=false&regex_priority=3&__proto__.x=1'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status } = await admin.ask('POST', '/routes', { headers, body })
    assert.equal(status, 405)
    const wrong = await admin.ask('POST', '/routes', { headers, body: 'paths=/a&strip_path=no' })
    assert.deepEqual((wrong.json as { fields: object }).fields, {
      strip_path: 'expected a boolean',
    })
  })
})

describe('the other pages', () => {
  for (const [target, status] of [
    ['/', 200],
    ['/status', 200],
    ['/status?unit=b', 200],
    ['/status?unit=x', 400],
    ['/status?scale=x', 400],
    ['/endpoints', 200],
    ['/plugins/enabled', 200],
    ['/tags', 200],
    ['/schemas/services', 200],
    ['/schemas/none', 404],
    ['/schemas/plugins/key-auth', 200],
    ['/schemas/plugins/none', 404],
    ['/none', 404],
    ['/services/a/none', 404],
  ] as const) {
    it(`answer GET ${target} with ${status}`, async () => {
      assert.equal((await admin.ask('GET', target)).status, status)
    })
  }

  it('answer every path that they name', async () => {
    const { data } = (await admin.ask('GET', '/endpoints')).json as { data: string[] }
    for (const path of data) {
      const { status } = await admin.ask('OPTIONS', path.replaceAll(/\{\w+\}/g, 'x'))
      assert.equal(status, 204, path)
    }
  })

  it('list the entities of a tag', async () => {
    const { data } = await list('/tags/t1')
    assert.deepEqual(
      data.map(({ entity_name: name, tag }) => [tag, name]),
      [
        ['t1', 'routes'],
        ['t1', 'services'],
      ],
    )
  })

  it('describe fields as Kong does', async () => {
    const { fields } = (await admin.ask('GET', '/schemas/services')).json as { fields: object[] }
    const retries = fields.find((field) => 'retries' in field) as { retries: object }
    const { type, between, default: fallback } = retries.retries as Record<string, unknown>
    assert.deepEqual([type, between, fallback], ['integer', [0, 32767], 5])
  })

  it('check an entity by itself', async () => {
    const ask = (body: string) =>
      admin.ask('POST', '/schemas/plugins/validate', {
        headers: { 'content-type': 'application/json' },
        body,
      })
    const right = await ask('{"name":"key-auth"}')
    assert.deepEqual([right.status, right.json], [200, { message: 'schema validation successful' }])
    const { message } = (await ask('{"name":"cors","config":{"methods":["BREW"]}}')).json as {
      message: string
    }
    assert.match(message, /^schema violation \(config\.methods: \{\n {2}"expected one of: GET/)
  })
})

describe('a credential with a time of its end', () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  beforeEach(() => {
    const credentials = `[{key: soon-over, ttl: ${inAnHour}}, {key: over, ttl: 3600}, {key: for-ever}]`
    admin = new FakeAdmin(
      `_format_version: "3.0"\nconsumers: [{username: u, keyauth_credentials: ${credentials}}]\n`,
    )
  })

  it('shows how many seconds are left', async () => {
    const { json } = await admin.ask('GET', '/key-auths/soon-over')
    const { ttl } = json as { ttl: number }
    assert.ok(ttl > 3500 && ttl <= 3600, String(ttl))
  })

  it('is not there any more when that is past', async () => {
    for (const path of ['/key-auths', '/consumers/u/key-auth']) {
      const keys = (await list(path)).data.map(({ key }) => key).sort()
      assert.deepEqual(keys, ['for-ever', 'soon-over'])
    }
    assert.equal((await admin.ask('GET', '/key-auths/over')).status, 404)
  })
})
