import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sharedValues } from 'gw/plugin'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import plugin from './index.js'
import { spec } from './spec.js'

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=X'

async function transform(config: object, request: FakeRequest = {}): Promise<FakeContext> {
  const ctx = fakeContext(request)
  await plugin.access?.(ctx, prepared(plugin, config))
  return ctx
}

/** The lines that the target gets of `lines`, each `Name: value`. */
async function headersAfter(config: object, lines: readonly string[] = []): Promise<string[]> {
  const headers = lines.map((line): [string, string] => {
    const [name = '', value = ''] = line.split(': ')
    return [name, value]
  })
  return linesOf((await transform(config, { headers })).upstream.headers)
}

async function queryAfter(config: object, target: string): Promise<string> {
  return (await transform({ ...config }, { target })).upstream.query.suffix
}

/** The body that the target gets; null when it is the client's. */
async function bodyAfter(config: object, type: string, body: string): Promise<string | null> {
  const request = { method: 'POST', headers: [['content-type', type] as const], body }
  return (await transform(config, request)).newBody?.toString() ?? null
}

function part(name: string, value: string, more = ''): string {
  return `--X\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
}

describe('request-transformer', () => {
  describe('headers', () => {
    /** What it does, the configuration, what comes, what goes on. */
    const cases: readonly (readonly [string, object, readonly string[], readonly string[]])[] = [
      ['removes every line', { remove: { headers: ['X-A'] } }, ['x-a: 1', 'x-a: 2'], []],
      ['ignores a value', { remove: { headers: ['X-A:$(oops('] } }, ['x-a: 1'], []],
      [
        'renames with all values, over what is there',
        { rename: { headers: ['X-A:X-B', 'X-None:X-B'] } },
        ['x-a: 1', 'x-a: 2', 'x-b: 3'],
        ['x-b: 1', 'x-b: 2'],
      ],
      ['leaves a change of case', { rename: { headers: ['x-a:X-A'] } }, ['x-a: 1'], ['x-a: 1']],
      [
        'replaces what is there, all lines by one',
        { replace: { headers: ['X-A:new', 'X-None:no'] } },
        ['x-a: 1', 'x-a: 2'],
        ['x-a: new'],
      ],
      [
        'adds what is not there',
        { add: { headers: ['X-A:no', 'X-B:value:2', 'X-C::c'] } },
        ['x-a: 1'],
        ['x-a: 1', 'x-b: value:2', 'x-c: c'],
      ],
      [
        'appends lines',
        { append: { headers: ['X-A:v1', 'X-A:v2', 'X-B:#h'] } },
        ['x-a: 0'],
        ['x-a: 0', 'x-a: v1', 'x-a: v2', 'x-b: #h'],
      ],
      [
        'goes on from remove to add',
        { remove: { headers: ['Authorization'] }, add: { headers: ['Authorization:Basic x'] } },
        ['authorization: Bearer y'],
        ['authorization: Basic x'],
      ],
      [
        'leaves what is given no value',
        {
          replace: { headers: ['X-A:'] },
          add: { headers: ['X-B:'] },
          append: { headers: ['X-C:'] },
        },
        ['x-a: 1'],
        ['x-a: 1'],
      ],
      [
        'shows templates what the client sent',
        {
          remove: { headers: ['X-A'] },
          replace: { headers: ['X-B:$(headers.x_b)+$(headers["X-A"])'] },
          add: { headers: ['X-C:$(headers.x_b)'] },
        },
        ['x-a: 1', 'x-b: 2'],
        ['x-b: 2+1', 'x-c: 2'],
      ],
      [
        'escapes what would break the line',
        { add: { headers: ['X-A:a\r\nX-Evil: 1'] } },
        [],
        ['x-a: a%0D%0AX-Evil: 1'],
      ],
    ]
    for (const [title, config, lines, expected] of cases) {
      it(title, async () => {
        assert.deepEqual(
          (await headersAfter(config, lines)).map((line) =>
            line.replace(/^[^:]*/, (name) => name.toLowerCase()),
          ),
          expected,
        )
      })
    }

    it('can replace the host, and do nothing else to it', async () => {
      const change = { headers: ['Host:x.test'] }
      const kept = await transform({
        add: change,
        append: change,
        rename: { headers: ['host:X-H'] },
        remove: change,
      })
      assert.equal(kept.upstream.host, 'gateway.test')
      assert.deepEqual(linesOf(kept.upstream.headers), [])
      assert.equal((await transform({ replace: change })).upstream.host, 'x.test')
    })

    it('gives the host what another header holds', async () => {
      const ctx = await transform(
        { rename: { headers: ['X-Host:Host'] } },
        { headers: [['x-host', 'other.test']] },
      )
      assert.equal(ctx.upstream.host, 'other.test')
    })

    it('does not wait', () => {
      const config = prepared(plugin, {
        add: { headers: ['X-A:1'], body: ['a:1'] },
        remove: { querystring: ['a'] },
      })
      assert.equal(plugin.access?.(fakeContext(), config), undefined)
    })
  })

  describe('the query', () => {
    const cases: readonly (readonly [object, string, string])[] = [
      [{ remove: { querystring: ['a'] } }, '/?a=1&b=2&a=3', '?b=2'],
      [{ remove: { querystring: ['a'] } }, '/?a=1', ''],
      [{ remove: { querystring: ['a'] } }, '/?a=1?', ''],
      [{ remove: { querystring: ['a'] } }, '/?', '?'],
      [
        { rename: { querystring: ['a:b', 'inexist:exist'] } },
        '/?a=1&a=2&b=3&exist=v',
        '?b=1&b=2&exist=v',
      ],
      [
        { replace: { querystring: ['flag:set', 'a:é', 'none:1'] } },
        '/?flag&a=1',
        '?a=%C3%A9&flag=set',
      ],
      [{ add: { querystring: ['q:x y&z', 'a:no'] } }, '/?a', '?a&q=x%20y%26z'],
      [{ append: { querystring: ['q1:v1', 'q1:v2'] } }, '/?q1=20', '?q1=20&q1=v1&q1=v2'],
      [{ add: { querystring: ['p[1]:v'] } }, '/?z=%E4', '?p%5B1%5D=v&z=%E4'],
      [{ add: { headers: ['X-A:1'] } }, '/?z=$&+,/:;?@', '?z=$&+,/:;?@'],
      [{ rename: { querystring: ['a:$(query_params.b)'] } }, '/?a=1&b=c', '?b=c&c=1'],
    ]
    for (const [config, target, expected] of cases) {
      it(`of ${target} becomes ${expected} by ${JSON.stringify(config)}`, async () => {
        const isEmpty = expected === '' && target.endsWith('?')
        assert.equal(await queryAfter(config, target), isEmpty ? '?' : expected)
      })
    }
  })

  describe('the body', () => {
    const all = {
      remove: { body: ['gone'] },
      rename: { body: ['old:new', 'f:g'] },
      replace: { body: ['rep:x', 'f:y'] },
      add: { body: ['add:1', 'have:2'] },
      append: { body: ['list:z'] },
    }

    it('of JSON is changed at its top level', async () => {
      const body = '{"gone":1,"old":"o","rep":3,"have":"h","list":["a"],"f":false,"n":{"gone":1}}'
      assert.equal(
        await bodyAfter(all, 'Application/JSON; charset=utf-8', body),
        '{"rep":"x","have":"h","list":["a","z"],"f":false,"n":{"gone":1},"new":"o","add":"1"}',
      )
    })

    it('of JSON takes what is added when it is empty, and nothing else', async () => {
      const type = 'application/json'
      assert.equal(await bodyAfter(all, type, ''), '{"add":"1","have":"2","list":["z"]}')
      assert.equal(await bodyAfter({ remove: { body: ['a'] } }, type, ''), null)
    })

    it('stays when it is not what its type says, or has no names', async () => {
      for (const body of ['not json', '[1,2]', '"text"', '{"a":1,']) {
        assert.equal(await bodyAfter(all, 'application/json', body), null, body)
      }
      for (const type of ['text/plain', 'application/vnd.api+json', '']) {
        assert.equal(await bodyAfter(all, type, '{"gone":1}'), null, type)
      }
      assert.equal(await bodyAfter(all, MULTIPART, 'no parts'), null)
      assert.equal(await bodyAfter(all, 'multipart/form-data', part('gone', '1') + '--X--'), null)
    })

    it('of a form is changed', async () => {
      assert.equal(
        await bodyAfter(all, FORM, 'gone=1&old=o&rep=r&have=h&list=a&x=%E4'),
        'rep=x&have=h&list=a&list=z&x=%E4&new=o&add=1',
      )
      assert.equal(await bodyAfter({ add: { body: ['a:$(query_params.q)&'] } }, FORM, ''), 'a=%26')
    })

    it('of a multipart form keeps its parts, new ones last', async () => {
      const before = part('old', 'o') + part('gone', '1') + part('rep', 'r') + part('have', 'h')
      const after = part('have', 'h') + part('new', 'o') + part('rep', 'x') + part('add', '1')
      assert.equal(await bodyAfter(all, MULTIPART, `${before}--X--\r\n`), `${after}--X--\r\n`)
      assert.equal(
        await bodyAfter({ add: { body: ['a:1'] } }, MULTIPART, ''),
        `${part('a', '1')}--X--\r\n`,
      )
    })

    it('of a multipart form keeps the name of a file that is renamed', async () => {
      const file = '; filename="a;name=x.txt"'
      assert.equal(
        await bodyAfter(
          { rename: { body: ['old:n"ew'] } },
          MULTIPART,
          `${part('old', 'o', file)}--X--`,
        ),
        `${part('n%22ew', 'o', file)}--X--`,
      )
    })

    it('gets no parts that hide in a value', async () => {
      const ctx = fakeContext({
        target: '/?v=%0D%0A--X%0D%0A',
        headers: [['content-type', MULTIPART]],
        body: `${part('role', 'x')}--X--`,
      })
      const config = prepared(plugin, { add: { body: ['note:$(query_params.v)'] } })
      await assert.rejects(Promise.resolve(plugin.access?.(ctx, config)), /contains the boundary/)
    })

    it('goes by a Content-Type that has just been added', async () => {
      const ctx = await transform({
        http_method: 'POST',
        add: { headers: ['Content-Type:application/json'], body: ['body:somecontent'] },
      })
      assert.equal(ctx.newBody?.toString(), '{"body":"somecontent"}')
    })

    it('is not read when nothing is to be done to it', async () => {
      const request = { method: 'POST', headers: [['content-type', FORM] as const], body: 'a=1' }
      assert.equal((await transform({ add: { headers: ['X-A:1'] } }, request)).bodyReads, 0)
    })

    it('answers 413 past 1 MiB', async () => {
      await assert.rejects(bodyAfter(all, FORM, 'a'.repeat(1024 * 1024 + 1)), {
        code: 'BODY_TOO_LARGE',
      })
    })
  })

  describe('method and path', () => {
    it('are set, the query stays', async () => {
      const ctx = await transform(
        { http_method: 'POST', replace: { uri: '/fixed/a b/$(query_params.keep)' } },
        { target: '/p?keep=é' },
      )
      assert.equal(ctx.upstream.method, 'POST')
      assert.equal(ctx.upstream.path, '/fixed/a%20b/%C3%A9')
      assert.equal(ctx.upstream.query.suffix, '?keep=é')
    })

    it('of a path with a query of its own put that in front', async () => {
      const config = { replace: { uri: '/x?a=1#b' } }
      const bare = await transform(config)
      assert.equal(bare.upstream.path + bare.upstream.query.suffix, '/x?a=1%23b')
      const more = await transform(config, { target: '/p?b=2' })
      assert.equal(more.upstream.path + more.upstream.query.suffix, '/x?a=1%23b?b=2')
    })

    it('fail for what is no path, or no method of nginx', async () => {
      await assert.rejects(transform({ replace: { uri: 'x' } }), /does not start with/)
      await assert.rejects(transform({ replace: { uri: '$(nosuch)' } }), /does not start with/)
      await assert.rejects(transform({ http_method: 'BREW' }), /BREW is no method/)
    })

    it('without a body take the fields of a form into the query, which stay in the body', async () => {
      for (const http_method of ['GET', 'HEAD', 'TRACE']) {
        const ctx = await transform(
          { http_method },
          {
            method: 'POST',
            target: '/?hello=world',
            headers: [['content-type', FORM]],
            body: 'x=1&x=2&a',
          },
        )
        assert.equal(ctx.upstream.query.suffix, '?a&hello=world&x=1&x=2')
        assert.equal(ctx.newBody, null)
      }
    })
  })

  describe('templates', () => {
    const request: FakeRequest = {
      target: '/users/7?a=5&a=6&flag',
      headers: [
        ['x-one', '1'],
        ['x-many', 'm1'],
        ['x-many', 'm2'],
        ['x_low', 'low'],
      ],
      uriCaptures: { unnamed: ['/users/7', '7', undefined], named: { id: '7' } },
    }
    const cases: Readonly<Record<string, string>> = {
      'pre-$(headers.x_one)-post': 'pre-1-post',
      '$(headers["X-One"])': '1',
      '$(headers.x_low)': 'low',
      '$(headers.x_many[2])': 'm2',
      "$(type(headers.x_many) == 'table' and headers.x_many[1] or headers.x_many)": 'm1',
      '$(type(headers))': 'table',
      '$(query_params.a[1] .. query_params.a[2])': '56',
      '$(query_params.flag)': 'true',
      '$(query_params.none)': '',
      "$(uri_captures.id or 'none')$(uri_captures[1])$(uri_captures[0])": '77/users/7',
      "$(uri_captures.constructor or 'none')": 'none',
      "$(uri_captures[2] or 'none')": 'none',
      '$(shared.version)$(shared.list[1])$(shared.deep.x)': '3oney',
      '$(shared.nosuch)$(nosuch)': '',
      "$('$(literal)')": '$(literal)',
      '$ (no) $(unbalanced': '$ (no) $(unbalanced',
      '$($(("x"))': '$(x',
    }
    for (const [template, expected] of Object.entries(cases)) {
      it(`make ${JSON.stringify(expected)} of ${template}`, async () => {
        const ctx = fakeContext(request)
        ctx.set(sharedValues, { version: 3, list: ['one'], deep: { x: 'y' } })
        await plugin.access?.(ctx, prepared(plugin, { add: { headers: [`X-Out:${template}`] } }))
        assert.equal(ctx.upstream.headers.get('x-out'), expected)
      })
    }

    it('fail for the request when they cannot be rendered', async () => {
      for (const template of [
        '$()',
        '$(ERROR())',
        '$(string.upper("x"))',
        '$(headers.x-real-ip)',
      ]) {
        await assert.rejects(
          transform({ add: { headers: [`X-Out:${template}`] } }),
          (error: Error) =>
            error.message.startsWith(`failed to render the template ${template}, error:`),
        )
      }
    })

    it('look at headers as they were when one has first looked at them', async () => {
      const add = { headers: ['X-B:$(headers.x_a)'], querystring: ['q:$(headers.x_a)'] }
      const early = { target: '/', headers: [['x-a', '1'] as const] }
      const kept = await transform({ remove: { headers: ['X-A'] }, add }, early)
      assert.equal(kept.upstream.query.suffix, '?q=1')
      const late = { querystring: ['q:$(headers.x_a or "gone")'] }
      const gone = await transform({ remove: { headers: ['X-A'] }, add: late }, early)
      assert.equal(gone.upstream.query.suffix, '?q=gone')
    })

    it('are checked at load for query and body, and named with their place', () => {
      const config = { add: { querystring: ['a:1', 'b:$(uri_captures user2)'] } }
      assert.deepEqual(faultsOf(spec, config), [
        "add.querystring[1]: value '$(uri_captures user2)' is not in supported format, " +
          "error:[string \"TMP\"]:1: ')' expected near 'user2'",
      ])
      assert.deepEqual(faultsOf(spec, { add: { headers: ['a:$()'] }, replace: { uri: '$()' } }), [])
    })

    it('that are not carried over are named at load', () => {
      assert.throws(() => prepared(plugin, { add: { headers: ['A:1', 'B:$({1})'] } }), {
        name: 'UnsupportedFault',
        field: 'add.headers[1]',
        message: "'$({1})' has tables of its own",
      })
    })
  })
})
