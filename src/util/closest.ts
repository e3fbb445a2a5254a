// "Did you mean": the known word nearest to a misspelt one.

/** The candidate that takes the fewest edits, if those are few for the length of the word. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  // A third of the word wrong is still a slip; more is another word. Long ones gain nothing from more edits.
  let best = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1
  let found: string | undefined
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= best) continue
    const distance = edits(word.toLowerCase(), candidate.toLowerCase())
    if (distance < best) {
      best = distance
      found = candidate
    }
  }
  return found
}

/** Levenshtein's distance, a swap of neighbours counted once. */
function edits(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (same ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}
