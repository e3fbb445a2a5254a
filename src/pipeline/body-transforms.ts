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
  readonly #streams: { readonly stream: BodyTransform; readonly plugin: string }[] = []
  #links: readonly Link[] = []
  #isOver = false

  constructor(owner: TransformOwner) {
    this.#owner = owner
  }

  /** Behind those that are there. */
  add(stream: BodyTransform, plugin: string): void {
    // From here on, as a stream may fail before anything is written to it, and nobody else would listen.
    stream.on('error', (cause) => {
      if (!this.#isOver) this.#owner.onTransformFailure(plugin, cause)
    })
    this.#streams.push({ stream, plugin })
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
    for (const { stream } of this.#streams.toReversed()) {
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
    for (const { stream } of this.#streams) stream.destroy()
  }
}

class Link implements Sink {
  onReady: () => void = () => undefined
  readonly #stream: BodyTransform
  #idle: NodeJS.Timeout | null = null
  #isEnding = false

  constructor(stream: BodyTransform, next: Sink) {
    this.#stream = stream
    stream.on('data', (piece: Buffer) => {
      if (!next.take(piece)) stream.pause()
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
    return this.#stream.write(piece, this.#onTaken)
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
    if (!this.#isEnding && !this.#stream.destroyed) this.#stream.flush?.()
  }
}

function flush(link: Link): void {
  link.onIdle()
}
