// A plugin that goes wrong in the way that its config names. Loaded by faults.test.ts as a user's plugin is.
import { Transform, type TransformOptions } from 'node:stream'
import { definePlugin, type AccessContext, type Exit } from 'gw/plugin'

export const WAYS = [
  'throws in access',
  'throws text in access',
  'rejects in access',
  'never answers in access',
  'throws in header_filter',
  'throws in body_filter',
  'throws late in body_filter',
  'throws in log',
  'throws from a timer',
  'lets a promise reject',
  'sets a request header with a line break',
  'sets a response header with a line break',
  'exits with a header with a line break',
  'exits with a status that is none',
  'exits with a number for a body',
  'returns true',
  'returns null',
  'returns an exit of its own making',
  'resolves to text',
  'returns a thenable that throws',
  'returns text from body_filter',
  'returns a promise from body_filter',
  'sets a path with a line break',
  'sets a path with a space',
  'sets a path without a slash',
  'sets a method with a space',
  'sets a host with a line break',
  'sets a query with a line break',
  'sets a body that is text',
  'sends the body through text',
  'sends the body through a stream that throws',
  'sends the body through a stream that fails',
  'sends the body through a stream that closes',
  'sends the body through a stream that gives objects',
] as const
type Way = (typeof WAYS)[number]

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['way'],
  properties: { way: { type: 'string', enum: WAYS, description: 'What goes wrong.' } },
} as const

export default definePlugin({
  name: 'trouble',
  version: '1.0.0',
  priority: 700,
  schema,
  access(ctx, { way }) {
    return IN_ACCESS[way]?.(ctx)
  },
  header_filter(ctx, { way }) {
    if (way === 'throws in header_filter') throw new Error('trouble')
    if (way === 'sends the body through text') ctx.transformBody(garbage('text'))
    const transform = TRANSFORMS[way]
    if (transform !== undefined) {
      ctx.transformBody(new Transform({ readableObjectMode: true, transform }))
    }
  },
  body_filter(_ctx, { way }, chunk, last) {
    if (way === 'throws in body_filter') throw new Error('trouble')
    if (way === 'throws late in body_filter' && last) throw new Error('trouble')
    if (way === 'returns text from body_filter') return garbage('text')
    if (way === 'returns a promise from body_filter') return garbage(Promise.resolve(chunk))
    return chunk
  },
  log(_ctx, { way }) {
    if (way === 'throws in log') throw new Error('trouble')
  },
})

/** What a plugin in JavaScript may hand over, whatever the types say. */
function garbage(value: unknown): never {
  return value as never
}

const TRANSFORMS: Readonly<Partial<Record<Way, TransformOptions['transform']>>> = {
  'sends the body through a stream that throws': () => {
    throw new Error('trouble')
  },
  'sends the body through a stream that fails': (_chunk, _encoding, done) => {
    setImmediate(done, new Error('trouble'))
  },
  'sends the body through a stream that closes'() {
    this.destroy()
  },
  'sends the body through a stream that gives objects': (_chunk, _encoding, done) => {
    done(null, { trouble: true })
  },
}

type Access = (ctx: AccessContext) => Promise<undefined> | Exit | undefined

const IN_ACCESS: Readonly<Partial<Record<Way, Access>>> = {
  'throws in access': () => {
    throw new Error('trouble')
  },
  'throws text in access': () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- plugins do
    throw 'trouble'
  },
  'rejects in access': () => Promise.reject(new Error('trouble')),
  'never answers in access': () => new Promise(() => undefined),
  'throws from a timer': () => {
    setTimeout(() => {
      throw new Error('trouble')
    }, 1)
    return undefined
  },
  'lets a promise reject': () => {
    void Promise.reject(new Error('trouble'))
    return undefined
  },
  'sets a request header with a line break': (ctx) => {
    ctx.upstream.headers.set('X-A', 'a\r\nX-Injected: 1')
    return undefined
  },
  'sets a response header with a line break': (ctx) => {
    ctx.response.headers.set('X-A', 'a\r\nX-Injected: 1')
    return undefined
  },
  'exits with a header with a line break': (ctx) =>
    ctx.exit(500, { message: 'trouble' }, { 'X-A': 'a\r\nX-Injected: 1', 'X-B': 'b' }),
  'exits with a status that is none': (ctx) => ctx.exit(42),
  'exits with a number for a body': (ctx) => ctx.exit(200, garbage(42)),
  'returns true': () => garbage(true),
  'returns null': () => garbage(null),
  'returns an exit of its own making': () => ({ exit: true }),
  'resolves to text': () => Promise.resolve(garbage('text')),
  'returns a thenable that throws': () =>
    garbage({
      then() {
        throw new Error('trouble')
      },
    }),
  'sets a path with a line break': (ctx) =>
    setUpstream(ctx, 'path', '/a HTTP/1.1\r\nX-Injected: 1'),
  'sets a path with a space': (ctx) => setUpstream(ctx, 'path', '/a b'),
  'sets a path without a slash': (ctx) => setUpstream(ctx, 'path', 'a'),
  'sets a method with a space': (ctx) => setUpstream(ctx, 'method', 'GET /injected'),
  'sets a host with a line break': (ctx) => setUpstream(ctx, 'host', 'a\r\nX-Injected: 1'),
  'sets a query with a line break': (ctx) => {
    ctx.upstream.query.replace('a HTTP/1.1\r\nX-Injected: 1')
    return undefined
  },
  'sets a body that is text': (ctx) => {
    ctx.upstream.setBody(garbage('text'))
    return undefined
  },
}

function setUpstream(
  { upstream }: AccessContext,
  field: 'path' | 'method' | 'host',
  value: string,
): undefined {
  upstream[field] = value
}
