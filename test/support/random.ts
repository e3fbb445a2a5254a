// Numbers that look random and are the same in every run: a test that fails once fails again.

export class Random {
  #low: number
  #high: number

  /** Each pair of a seed and an index begins a sequence of its own, so that one input of a long run can be had alone. */
  constructor(seed: number, index = 0) {
    this.#high = scramble(seed + 1)
    this.#low = scramble(index ^ this.#high) || 1 // not both words may be 0
  }

  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number {
    // Two words of state, turned and mixed; taking the upper bits of a product evens out what is left of a pattern.
    const low = this.#low
    const high = this.#high ^ low
    this.#low = (((low << 26) | (low >>> 6)) ^ high ^ (high << 9)) | 0
    this.#high = (high << 13) | (high >>> 19)
    return Math.floor(((Math.imul(low, 0x9e3779bb) >>> 0) / 0x1_0000_0000) * limit)
  }

  /** True `times` in a hundred. */
  percent(times: number): boolean {
    return this.below(100) < times
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0]
  }

  /** Between `least` and `most` of these characters. */
  text(chars: string, least: number, most: number): string {
    let text = ''
    for (let left = least + this.below(most - least + 1); left > 0; left--) {
      text += chars.charAt(this.below(chars.length))
    }
    return text
  }
}

/** Spreads small differences over all 32 bits. */
function scramble(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
