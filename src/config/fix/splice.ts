// Changes to a text as splices: what is not spliced stays byte for byte. Also the way back, from a place in the changed
// text to the place in the first one.

export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @param splices sorted, without overlap */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = []
  let at = 0
  for (const splice of splices) {
    parts.push(text.slice(at, splice.start), splice.text)
    at = splice.end
  }
  parts.push(text.slice(at))
  return parts.join('')
}

/** Of two at one place, the one that only adds comes first. */
export function sorted(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** What is spliced already, so that no two changes touch. */
export class Claims {
  /** Sorted, without overlap. */
  readonly #taken: Splice[] = []

  /** Returns false, and takes none of them, when one touches what is taken. */
  take(splices: readonly Splice[]): boolean {
    if (splices.some((splice) => !this.#isFree(splice))) return false
    for (const splice of sorted(splices)) {
      const at = firstIndex(
        this.#taken,
        ({ start, end }) => start > splice.start || (start === splice.start && end > splice.end),
      )
      this.#taken.splice(at, 0, splice)
    }
    return true
  }

  #isFree({ start, end }: Splice): boolean {
    const at = firstIndex(this.#taken, (other) => other.start >= start)
    const [left, right] = [this.#taken[at - 1], this.#taken[at]]
    if (left !== undefined && left.end > start) return false
    return right === undefined || (right.start !== start && right.start >= end)
  }
}

/** The splices made so far, round after round. */
export class History {
  readonly #rounds: (readonly Moved[])[] = []

  /** @param splices sorted */
  push(splices: readonly Splice[]): void {
    let shift = 0
    this.#rounds.push(
      splices.map(({ start, end, text }) => {
        const moved = { newStart: start + shift, newEnd: start + shift + text.length, start, end }
        shift += text.length - (end - start)
        return moved
      }),
    )
  }

  /** Where the character at this offset stood before the first round; for new text, where it was put. */
  originOf(offset: number): number {
    return this.#rounds.reduceRight((at, round) => before(at, round), offset)
  }
}

/** A splice and where its text stands in the changed text. */
interface Moved {
  readonly newStart: number
  readonly newEnd: number
  readonly start: number
  readonly end: number
}

function before(offset: number, round: readonly Moved[]): number {
  const last = round[firstIndex(round, ({ newStart }) => newStart > offset) - 1]
  if (last === undefined) return offset
  return offset < last.newEnd ? last.start : offset - last.newEnd + last.end
}

/** The index of the first item for which `isPast` holds; they are sorted so that it then holds for all behind it. */
function firstIndex<T>(items: readonly T[], isPast: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && isPast(item)) high = middle
    else low = middle + 1
  }
  return low
}
