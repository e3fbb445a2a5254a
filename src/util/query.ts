// The query of a request: bytes as they came, decoded only when somebody asks (Kong: ngx.req.get_uri_args).

interface Argument {
  readonly name: string
  /** True for an argument without `=`. */
  readonly value: string | true
}

export class QueryString {
  #text: string
  #present: boolean
  #args: readonly Argument[] | null = null

  /** @param suffix what follows the path: empty, or the query with its question mark */
  constructor(suffix: string) {
    this.#present = suffix !== ''
    this.#text = suffix.slice(1)
  }

  /** Without the question mark. */
  get text(): string {
    return this.#text
  }

  /** As it follows the path. A query that was there keeps its question mark even when it has become empty. */
  get suffix(): string {
    return this.#present || this.#text !== '' ? `?${this.#text}` : ''
  }

  get(name: string): string | true | undefined {
    return this.#parsed.find((arg) => arg.name === name)?.value
  }

  getAll(name: string): readonly (string | true)[] {
    return this.#parsed.filter((arg) => arg.name === name).map((arg) => arg.value)
  }

  names(): readonly string[] {
    return [...new Set(this.#parsed.map((arg) => arg.name))]
  }

  /**
   * Removes every argument of that name. The others keep their order but are written anew, as Kong 3.9 does
   * (application/x-www-form-urlencoded of the WHATWG URL standard): `%20` becomes `+`, `a` becomes `a=`.
   */
  remove(name: string): void {
    if (this.#text === '') return
    const args = new URLSearchParams(this.#text)
    args.delete(name)
    this.replace(args.toString())
  }

  replace(text: string): void {
    // It becomes part of a request line, where these would begin something else.
    if (/[\0-\x20\x7f#]/.test(text)) throw new TypeError('a query has to be escaped')
    this.#text = text
    this.#args = null
  }

  clear(): void {
    this.#text = ''
    this.#present = false
    this.#args = null
  }

  get #parsed(): readonly Argument[] {
    return (this.#args ??= this.#text === '' ? [] : this.#text.split('&').flatMap(parseArgument))
  }
}

function parseArgument(text: string): Argument[] {
  const equals = text.indexOf('=')
  const name = decodeComponent(equals < 0 ? text : text.slice(0, equals))
  // `=value` has no name and counts for nothing, as in nginx's Lua module.
  if (name === '') return []
  return [{ name, value: equals < 0 ? true : decodeComponent(text.slice(equals + 1)) }]
}

/** Percent-decodes text in which `+` is a space; what is no valid escape, or no UTF-8, stays as it is. */
export function decodeComponent(text: string): string {
  if (!/[%+]/.test(text)) return text
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Some escapes are not UTF-8, or none at all: the others are decoded all the same.
    return spaced.replace(/(?:%[89a-f][0-9a-f])+|%[0-7][0-9a-f]/gi, (run) => {
      try {
        return decodeURIComponent(run)
      } catch {
        return run
      }
    })
  }
}
