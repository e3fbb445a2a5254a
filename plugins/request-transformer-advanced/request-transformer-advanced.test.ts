import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import plugin from './index.js'
import { spec } from './spec.js'

const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=X'

/** The body that the target gets; null when it is the client's. */
async function bodyAfter(config: object, type: string, body: string): Promise<string | null> {
  const ctx = fakeContext({
    method: 'POST',
    target: '/?n=-1.5&yes=true',
    headers: [['content-type', type]],
    body,
  })
  await plugin.access?.(ctx, prepared(plugin, config))
  return ctx.newBody?.toString() ?? null
}

function part(name: string, value: string): string {
  return `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

describe('the configuration of request-transformer-advanced', () => {
  it('needs nothing', () => {
    const lists = { body: [], headers: [], querystring: [] }
    const typed = { ...lists, json_types: [] }
    assert.deepEqual(complete(spec, {}), {
      remove: lists,
      rename: lists,
      replace: typed,
      add: typed,
      append: typed,
      allow: {},
      dots_in_keys: true,
    })
  })

  const faulty: readonly (readonly [object, string])[] = [
    [
      { add: { json_types: ['integer'] } },
      'add.json_types[0]: expected one of: boolean, number, string',
    ],
    [{ rename: { json_types: [] } }, 'rename.json_types: unknown field'],
    [{ allow: { headers: ['a'] } }, 'allow.headers: unknown field'],
    [{ add: { body: ['just_a_key'] } }, "add.body[0]: key 'just_a_key' has no value"],
    [{ add: { headers: ['a key:b'] } }, "add.headers[0]: 'a key' is not a valid header"],
    [{ dots_in_keys: 'no' }, 'dots_in_keys: expected a boolean'],
  ]
  for (const [config, fault] of faulty) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }
})

describe('request-transformer-advanced', () => {
  it('runs right before request-transformer', () => {
    assert.equal(plugin.priority, 802)
  })

  it('changes headers, query, path and method as request-transformer does', async () => {
    const config = {
      http_method: 'PUT',
      replace: { uri: '/v2/$(query_params.id)' },
      add: { headers: ['X-A:1'], querystring: ['b:$(headers.x_a)'] },
    }
    const ctx = fakeContext({ target: '/?id=7' })
    await plugin.access?.(ctx, prepared(plugin, config))
    assert.equal(ctx.upstream.method, 'PUT')
    assert.equal(ctx.upstream.path + ctx.upstream.query.suffix, '/v2/7?b=1&id=7')
    assert.equal(ctx.upstream.headers.get('x-a'), '1')
  })

  describe('json_types', () => {
    it('say what values are, rendered ones too, and what is no number is left out', async () => {
      const config = {
        replace: { body: ['r:yes'], json_types: ['boolean'] },
        add: {
          body: ['n:$(query_params.n)', 'b:$(query_params.yes)', 's:1', 'bad:x', 'plain:2'],
          json_types: ['number', 'boolean', 'string', 'number'],
        },
        append: { body: ['l:2'], json_types: ['number'] },
      }
      assert.equal(
        await bodyAfter(config, JSON_TYPE, '{"r":1,"l":[1]}'),
        '{"r":false,"l":[1,2],"n":-1.5,"b":true,"s":"1","plain":"2"}',
      )
    })

    it('stay with their entries when one before has no value', async () => {
      const config = { add: { body: ['a:1', 'b:2'], json_types: ['string', 'number'] } }
      assert.equal(await bodyAfter(config, JSON_TYPE, '{}'), '{"a":"1","b":2}')
    })

    it('do nothing to forms', async () => {
      const config = { add: { body: ['a:x'], json_types: ['number'] } }
      assert.equal(await bodyAfter(config, FORM, 'b=1'), 'b=1&a=x')
    })
  })

  describe('dots_in_keys: false', () => {
    const dots_in_keys = false

    it('leads into objects and lists', async () => {
      const config = {
        dots_in_keys,
        remove: { body: ['users[*].secret', 'users[2].name'] },
        rename: { body: ['users[1].name:first'] },
        replace: { body: ['meta.page:2'], json_types: ['number'] },
        add: { body: ['meta.more.deep:x'] },
        append: { body: ['users[1].tags:new'] },
      }
      const body =
        '{"users":[{"name":"a","secret":1},{"name":"b","secret":2,"id":9007199254740993}],"meta":{"page":1}}'
      assert.equal(
        await bodyAfter(config, JSON_TYPE, body),
        '{"users":[{"first":"a","tags":["new"]},{"id":9007199254740993}],"meta":{"page":2,"more":{"deep":"x"}}}',
      )
    })

    it('takes a list for the whole body', async () => {
      const config = { dots_in_keys, remove: { body: ['[*].a'] } }
      assert.equal(await bodyAfter(config, JSON_TYPE, '[{"a":1,"b":2},{"a":3}]'), '[{"b":2},{}]')
    })

    it('has no effect on forms', async () => {
      const config = { dots_in_keys, remove: { body: ['a.b', 'c[1]'] } }
      assert.equal(await bodyAfter(config, FORM, 'a.b=1&c%5B1%5D=2&d=3'), 'd=3')
    })

    it('is not the default', async () => {
      const config = { remove: { body: ['a.b'] } }
      assert.equal(await bodyAfter(config, JSON_TYPE, '{"a.b":1,"a":{"b":2}}'), '{"a":{"b":2}}')
    })
  })

  describe('allow.body', () => {
    const allow = { body: ['a', 'new', 'é'] }

    it('lets nothing else through, of what is added neither', async () => {
      const config = { allow, add: { body: ['new:1', 'other:2'] }, rename: { body: ['c:d'] } }
      assert.equal(
        await bodyAfter(config, JSON_TYPE, '{"a":{"x":1},"b":2,"c":3,"é":4}'),
        '{"a":{"x":1},"é":4,"new":"1"}',
      )
    })

    it('counts for forms of both kinds', async () => {
      assert.equal(await bodyAfter({ allow }, FORM, 'a=1&b=2&%C3%A9=3&a=4'), 'a=1&a=4&%C3%A9=3')
      assert.equal(
        await bodyAfter({ allow }, MULTIPART, `${part('b', '1')}${part('é', '2')}--X--\r\n`),
        `${part('é', '2')}--X--\r\n`,
      )
    })

    it('leaves nothing of a list, which has no names', async () => {
      assert.equal(await bodyAfter({ allow }, JSON_TYPE, '[{"a":1}]'), '[]')
    })

    it('goes by paths without dots in names', async () => {
      const config = { dots_in_keys: false, allow: { body: ['users[*].name', 'meta'] } }
      const body = '{"users":[{"name":"a","age":1},{"age":2}],"meta":{"p":1},"x":1}'
      assert.equal(
        await bodyAfter(config, JSON_TYPE, body),
        '{"users":[{"name":"a"},{}],"meta":{"p":1}}',
      )
    })

    it('lets all through when it is empty', async () => {
      assert.equal(await bodyAfter({ allow: { body: [] } }, JSON_TYPE, '{"a":1}'), null)
    })
  })

  it('takes types that end with +json for JSON', async () => {
    const config = { add: { body: ['a:1'] } }
    assert.equal(await bodyAfter(config, 'application/vnd.api+json; v=1', '{}'), '{"a":"1"}')
    assert.equal(await bodyAfter(config, 'application/x+jsonp', '{}'), null)
  })

  it('answers 413 past 1 MiB', async () => {
    const body = `{"a":"${'x'.repeat(1024 * 1024)}"}`
    await assert.rejects(bodyAfter({ allow: { body: ['a'] } }, JSON_TYPE, body), {
      code: 'BODY_TOO_LARGE',
    })
  })
})
