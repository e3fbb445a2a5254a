// Arguments of a query or of a form's body, to be changed by name and written anew (Kong: ngx.decode_args and its
// counterpart). Names and values are bytes, one character for each, so that what is no UTF-8 comes through unharmed.

export type ArgumentValue = string | true

export class FormArguments {
  readonly #values = new Map<string, ArgumentValue[]>()

  /** @param encoded `a=1&b`; characters beyond ASCII are bytes as well */
  constructor(encoded: string) {
    if (encoded === '') return
    for (const part of encoded.split('&')) {
      const equals = part.indexOf('=')
      const name = decodedBytes(equals < 0 ? part : part.slice(0, equals))
      // `=value` has no name and counts for nothing, as in nginx's Lua module.
      if (name !== '') this.append(name, equals < 0 || decodedBytes(part.slice(equals + 1)))
    }
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Every value of that name in order; true for an argument without `=`. */
  getAll(name: string): readonly ArgumentValue[] {
    return this.#values.get(name) ?? []
  }

  set(name: string, value: string): void {
    this.#values.set(name, [value])
  }

  append(name: string, value: ArgumentValue): void {
    const values = this.#values.get(name)
    if (values === undefined) this.#values.set(name, [value])
    else values.push(value)
  }

  /** Kong: what is appended takes the place of an argument without `=`. */
  appendText(name: string, value: string): void {
    const values = this.#values.get(name)
    if (values?.length === 1 && values[0] === true) values[0] = value
    else this.append(name, value)
  }

  remove(name: string): void {
    this.#values.delete(name)
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#values.keys()) if (!names.has(name)) this.#values.delete(name)
  }

  /** The values go over those of the new name. */
  rename(from: string, to: string): void {
    const values = this.#values.get(from)
    if (values === undefined || from === to) return
    this.#values.delete(from)
    this.#values.delete(to)
    this.#values.set(to, values)
  }

  /** Adds all of another's. */
  merge(other: FormArguments): void {
    for (const [name, values] of other.#values) {
      for (const value of values) this.append(name, value)
    }
  }

  /** Escaped, each name's values together, in the order in which the names came. */
  get text(): string {
    return this.#groups().join('&')
  }

  /** The same in the order of what is written. */
  get sortedText(): string {
    return this.#groups().sort().join('&')
  }

  #groups(): string[] {
    const groups: string[] = []
    for (const [name, values] of this.#values) {
      const key = escapedBytes(name)
      groups.push(
        values.map((value) => (value === true ? key : `${key}=${escapedBytes(value)}`)).join('&'),
      )
    }
    return groups
  }
}

/** `+` is a space; a % that begins no escape stays as it is, as in nginx. */
export function decodedBytes(encoded: string): string {
  if (!/[%+]/.test(encoded)) return encoded
  return encoded
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
}

const NOT_PLAIN = /[^A-Za-z0-9\-_.~!'()*]/g

/** @param which bytes become triplets; left out: those that encodeURIComponent escapes */
export function escapedBytes(bytes: string, which = NOT_PLAIN): string {
  return bytes.replace(
    which,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
