// An answer's body on its way through streams that plugins have put there, such as a compressor: at the pace of the
// slower end, and never held back for longer than a moment.
import type { BodyTransform } from '../plugin/contract.js'

/**
 * How long a stream may keep what it has been given, in ms, when nothing follows. Long enough for the pieces of one
 * burst to come in, and far below what anyone would notice.
 */
const IDLE_MS = 3

/** Where pieces go. */
interface Sink {
  /** False: it takes no more for now, and says when it does. */
  take(piece: Buffer): boolean
  finish(): void
}

/** The request whose answer it is. */
export interface TransformOwner {
  /** A piece for the client; false when the client does not keep up. */
  onTransformed(piece: Buffer): boolean
  onTransformEnd(): void
  /** Pieces may be handed in again. */
  onTransformReady(): void
  onTransformFailure(plugin: string, cause: unknown): void
}

export class BodyTransforms {
  readonly #owner: TransformOwner
  readonly #streams: BodyTransform[] = []
  #links: readonly Link[] = []
  #isOver = false

  constructor(owner: TransformOwner) {
    this.#owner = owner
  }

  /** Behind those that are there. */
  add(stream: BodyTransform, plugin: string): void {
    // From here on, as a stream may fail before anything is written to it, and nobody else would listen.
    stream.on('error', (cause) => this.#fail(plugin, cause))
    stream.on('close', () => {
      if (!stream.readableEnded) this.#fail(plugin, new Error('a stream was closed before its end'))
    })
    this.#streams.push(stream)
  }

  /** The head has left. */
  begin(): void {
    let next: Sink = {
      take: (piece) => this.#isOver || this.#owner.onTransformed(piece),
      finish: () => {
        if (!this.#isOver) this.#owner.onTransformEnd()
      },
    }
    const links: Link[] = []
    for (const stream of this.#streams.toReversed()) {
      const link = new Link(stream, next)
      if (next instanceof Link) next.onReady = () => link.resume()
      links.unshift(link)
      next = link
    }
    const [first] = links
    if (first !== undefined) first.onReady = () => this.#owner.onTransformReady()
    this.#links = links
  }

  /**
   * @param piece valid only until this returns
   * @returns false when no more should come before `onTransformReady`
   */
  write(piece: Buffer | null, last: boolean): boolean {
    const [first] = this.#links
    if (first === undefined) return true
    const isTaken = piece === null || piece.length === 0 || first.take(Buffer.from(piece))
    if (last) first.finish()
    return isTaken
  }

  /** The client takes pieces again. */
  resume(): void {
    this.#links.at(-1)?.resume()
  }

  /** The answer has ended, one way or another: nothing more comes, and nothing is kept. */
  drop(): void {
    this.#isOver = true
    for (const link of this.#links) link.drop()
    for (const stream of this.#streams) stream.destroy()
  }

  #fail(plugin: string, cause: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#owner.onTransformFailure(plugin, cause)
  }
}

class Link implements Sink {
  onReady: () => void = () => undefined
  readonly #stream: BodyTransform
  #idle: NodeJS.Timeout | null = null
  #isEnding = false

  constructor(stream: BodyTransform, next: Sink) {
    this.#stream = stream
    stream.on('data', (piece: unknown) => {
      if (!Buffer.isBuffer(piece)) stream.destroy(new TypeError('a stream gave what is no Buffer'))
      else if (!next.take(piece)) stream.pause()
    })
    stream.on('end', () => {
      this.drop()
      next.finish()
    })
    stream.on('drain', () => this.onReady())
    // The head may have to wait for the first byte of the body.
    this.#flushSoon()
  }

  take(piece: Buffer): boolean {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    try {
      return this.#stream.write(piece, this.#onTaken)
    } catch (cause) {
      return this.#break(cause)
    }
  }

  finish(): void {
    this.#isEnding = true
    this.drop()
    this.#stream.end()
  }

  resume(): void {
    this.#stream.resume()
  }

  drop(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
  }

  readonly #onTaken = (): void => {
    if (this.#stream.writableLength === 0) this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#stream.flush === undefined || this.#isEnding || this.#stream.destroyed) return
    this.#idle ??= setTimeout(flush, IDLE_MS, this)
  }

  /** Called by the timer. */
  onIdle(): void {
    this.#idle = null
    if (this.#isEnding || this.#stream.destroyed) return
    try {
      this.#stream.flush?.()
    } catch (cause) {
      this.#break(cause)
    }
  }

  /** A stream that throws, where those of Node say it by an event. */
  #break(cause: unknown): true {
    this.#stream.destroy(cause instanceof Error ? cause : new Error(String(cause)))
    return true
  }
}

function flush(link: Link): void {
  link.onIdle()
}
