// Compresses answers on their way to clients that take it, piece by piece.
import {
  definePlugin,
  UnsupportedFault,
  type ClientResponse,
  type ConfigOf,
  type HeaderFilterContext,
  type Headers,
} from 'gw/plugin'
import { chooseCoding } from './accept-encoding.js'
import { hasZstd, openCompressor, type Coding } from './compressors.js'
import { MediaTypes } from './media-types.js'
import type { schema } from './schema.js'
import { spec } from './spec.js'

interface Use {
  readonly codings: readonly Coding[]
  readonly levels: Readonly<Record<Coding, number>>
  readonly types: MediaTypes
  readonly minBytes: number
  readonly skipsCookies: boolean
}

export default definePlugin({
  ...spec,
  version: '1.0.0',
  priority: 80,
  prepare: useOf,

  // HOT PATH
  header_filter(ctx, use) {
    const { request, response } = ctx
    if (!isWorthIt(ctx, use)) return
    // Whether this client gets it or not: caches have to tell the two apart.
    addVary(response.headers)
    if (request.method === 'HEAD') return
    const coding = chooseCoding(request.headers.getAll('accept-encoding'), use.codings)
    if (coding === null) return
    const stream = openCompressor(coding, use.levels[coding])
    if (stream === null) {
      ctx.log.debug('too many answers are being compressed: this one goes out as it is')
      return
    }
    response.headers.set('Content-Encoding', coding)
    // nginx: a part of it would be one of the compressed bytes, which differ each time.
    response.headers.remove('accept-ranges')
    weakenTag(response.headers)
    ctx.transformBody(stream)
  },
})

function useOf(config: ConfigOf<typeof schema>): Use {
  const at = config.algorithms.indexOf('zstd')
  if (at >= 0 && !hasZstd) {
    const hint = 'take a Node from 22.15 on, or leave zstd out'
    const message = `zstd is not there in Node ${process.versions.node}`
    throw new UnsupportedFault(`algorithms[${at}]`, message, hint)
  }
  return {
    codings: config.algorithms,
    levels: { br: config.br_level, gzip: config.gzip_level, zstd: config.zstd_level },
    types: new MediaTypes(config.types),
    minBytes: config.min_length,
    skipsCookies: config.skip_answers_with_cookies,
  }
}

/** They are about the bytes of the body as it is. */
const DIGESTS = ['content-digest', 'repr-digest', 'digest', 'content-md5']

// HOT PATH
function isWorthIt({ request, response }: HeaderFilterContext, use: Use): boolean {
  const { headers, bodyLength } = response
  if (!mayHaveWholeBody(response) || (bodyLength >= 0 && bodyLength < use.minBytes)) return false
  if (!use.types.has(headers.get('content-type')) || headers.has('content-encoding')) return false
  if (headers.has('content-range') || (use.skipsCookies && headers.has('set-cookie'))) return false
  if (mayNotTransform(headers) || mayNotTransform(request.headers)) return false
  return !DIGESTS.some((name) => headers.has(name))
}

function mayHaveWholeBody({ status, bodyLength }: ClientResponse): boolean {
  if (bodyLength === 0 || status < 200) return false
  return status !== 204 && status !== 205 && status !== 206 && status !== 304
}

const NO_TRANSFORM = /(?:^|,)[ \t]*no-transform[ \t]*(?:,|$)/i

/** RFC 9110, 7.7. */
function mayNotTransform(headers: Pick<Headers, 'getAll'>): boolean {
  return NO_TRANSFORM.test(headers.getAll('cache-control').join())
}

function addVary(headers: Headers): void {
  const names = headers.getAll('vary').join().split(',')
  const isThere = names.some((name) => /^(?:\*|accept-encoding)$/i.test(name.trim()))
  if (!isThere) headers.add('Vary', 'Accept-Encoding')
}

/** The bytes are others, though what they say is the same (RFC 9110, 8.8.1). */
function weakenTag(headers: Headers): void {
  const tag = headers.get('etag')
  if (tag !== undefined && !tag.startsWith('W/')) headers.set('ETag', `W/${tag}`)
}
