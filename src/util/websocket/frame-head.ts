// Reads the heads of WebSocket frames (RFC 6455, 5.2), which may come in pieces, and follows a stream of frames.

export class FrameHead {
  isFinal = false
  /** The three bits that belong to extensions. */
  reserved = 0
  opcode = 0
  isMasked = false
  /** Bytes of the payload; past 2^53 not exact, which is more than anybody can send. */
  length = 0
  #read = 0
  #size = 2

  get isComplete(): boolean {
    return this.#read === this.#size
  }

  /** Nothing of it has come. */
  get isFresh(): boolean {
    return this.#read === 0
  }

  /** Expects the next head. */
  begin(): void {
    this.#read = 0
    this.#size = 2
  }

  /** @returns where the head, or what has come of it, ends */
  read(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && this.#read < this.#size) this.#take(bytes[at++] ?? 0)
    return at
  }

  #take(byte: number): void {
    const place = this.#read++
    if (place === 0) {
      this.isFinal = byte > 127
      this.reserved = (byte >> 4) & 7
      this.opcode = byte & 15
    } else if (place === 1) {
      this.isMasked = byte > 127
      const short = byte & 127
      const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
      this.length = lengthBytes === 0 ? short : 0
      this.#size = 2 + lengthBytes + (this.isMasked ? 4 : 0)
    } else if (place < this.#size - (this.isMasked ? 4 : 0)) {
      this.length = this.length * 256 + byte
    }
  }
}

/** Tells of a stream of bytes where a frame of one's own may stand: only between two of the stream's. */
export class FrameBoundary {
  readonly #head = new FrameHead()
  /** Of the payload. */
  #left = 0

  get isBetweenFrames(): boolean {
    return this.#left === 0 && this.#head.isFresh
  }

  follow(bytes: Uint8Array): void {
    const head = this.#head
    let at = 0
    while (at < bytes.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at)
        this.#left -= skipped
        at += skipped
        continue
      }
      at = head.read(bytes, at)
      if (!head.isComplete) return
      this.#left = head.length
      head.begin()
    }
  }
}
