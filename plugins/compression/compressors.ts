// The streams that compress, with levels and windows that keep the memory of each small.
import * as zlib from 'node:zlib'
import type { BodyTransform } from 'gw/plugin'

export type Coding = 'br' | 'gzip' | 'zstd'

/** Node 22.15 and later have it, and the types of an older Node do not know of it. */
interface ZstdModule {
  readonly createZstdCompress?: (options: {
    readonly params: Readonly<Record<number, number>>
  }) => BodyTransform
  readonly constants: {
    readonly ZSTD_c_compressionLevel?: number
    readonly ZSTD_c_windowLog?: number
  }
}

const zstd = zlib as unknown as ZstdModule

export const hasZstd = zstd.createZstdCompress !== undefined

/** 256 KB: with brotli's own 4 MB each stream would cost several. */
const BROTLI_WINDOW = 18
/** 512 KB; a decoder has to have as much. */
const ZSTD_WINDOW = 19

const KB = 1024

/** Memory of a stream in bytes, as measured and rounded up. */
function costOf(coding: Coding, level: number): number {
  switch (coding) {
    case 'gzip':
      return 700 * KB
    case 'br':
      return (level < 6 ? 2048 : 4096) * KB
    case 'zstd':
      return (level < 4 ? 2048 : 4096) * KB
  }
}

/** What the streams of a worker may take between them; past it answers go out as they are. */
export const MAX_BYTES = 256 * 1024 * KB

let usedBytes = 0

/** Null when there is no memory for one more. */
export function openCompressor(coding: Coding, level: number): BodyTransform | null {
  const cost = costOf(coding, level)
  if (usedBytes + cost > MAX_BYTES) return null
  const stream = create(coding, level)
  usedBytes += cost
  // A stream always closes: it is destroyed when it ends, and when the request does.
  stream.once('close', () => (usedBytes -= cost))
  return stream
}

/** What the streams take now. */
export function compressorBytes(): number {
  return usedBytes
}

function create(coding: Coding, level: number): BodyTransform {
  switch (coding) {
    case 'gzip':
      return zlib.createGzip({ level })
    case 'br': {
      const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = zlib.constants
      return zlib.createBrotliCompress({ params: { [quality]: level, [window]: BROTLI_WINDOW } })
    }
    case 'zstd': {
      const { createZstdCompress, constants } = zstd
      const { ZSTD_c_compressionLevel: key, ZSTD_c_windowLog: window } = constants
      if (createZstdCompress === undefined || key === undefined || window === undefined) {
        throw new Error('this Node has no zstd') // prepare has refused it
      }
      return createZstdCompress({ params: { [key]: level, [window]: ZSTD_WINDOW } })
    }
  }
}
