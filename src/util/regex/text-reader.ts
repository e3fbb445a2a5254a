// Reads a text from left to right, a character (not half a surrogate pair) or a pattern at a time.

export class TextReader {
  readonly text: string
  #at = 0

  constructor(text: string) {
    this.text = text
  }

  /** Characters read so far, in code units. */
  get offset(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length
  }

  /** The character here, or '' at the end. */
  peek(): string {
    const code = this.text.codePointAt(this.#at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  /** The next characters, fewer at the end, without moving on. */
  ahead(length: number): string {
    return this.text.slice(this.#at, this.#at + length)
  }

  skip(length: number): void {
    this.#at += length
  }

  take(): string {
    const char = this.peek()
    this.#at += char.length
    return char
  }

  eat(char: string): boolean {
    if (this.peek() !== char) return false
    this.#at += char.length
    return true
  }

  /** @param pattern a sticky one */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)
    if (found !== null) this.#at += found[0].length
    return found
  }

  fail(message: string, what = ''): never {
    throw new Error(`${message}${what === '' ? '' : ` ${what}`} at offset ${this.#at}`)
  }
}
