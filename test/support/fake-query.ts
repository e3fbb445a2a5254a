// Query arguments in memory, as Kong decodes and rewrites them.
import type { Query } from '../../src/plugin/contract.js'

export class FakeQuery implements Query {
  text: string

  constructor(text: string) {
    this.text = text
  }

  get(name: string): string | true | undefined {
    return this.getAll(name)[0]
  }

  getAll(name: string): readonly (string | true)[] {
    return this.#arguments().flatMap(([key, value]) => (key === name ? [value] : []))
  }

  names(): readonly string[] {
    return [...new Set(this.#arguments().map(([key]) => key))]
  }

  remove(name: string): void {
    const all = this.#arguments()
    const rest = all.filter(([key]) => key !== name)
    if (rest.length === all.length) return
    this.text = rest
      .map(([key, value]) => (value === true ? encode(key) : `${encode(key)}=${encode(value)}`))
      .join('&')
  }

  replace(text: string): void {
    this.text = text
  }

  #arguments(): [name: string, value: string | true][] {
    return this.text
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const equals = part.indexOf('=')
        if (equals < 0) return [decode(part), true]
        return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
      })
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}
