// The table of README.md, from the cases.
import type { CaseClass } from './case.js'
import type { Outcome } from './outcome.js'
import { SHORTFALLS, wayOf, type WayName } from './shortfalls.js'

type Kind = 'refused' | 'served' | 'served, then refused' | 'awaited'

/** What is required, in a word. */
function kindOf({ answers, reaches, connection }: Outcome): Kind {
  const last = answers.at(-1) ?? 0
  if (connection === 'waiting') return 'awaited'
  if (connection === 'closed' && last >= 400 && reaches.length < answers.length) {
    return reaches.length > 0 ? 'served, then refused' : 'refused'
  }
  return 'served'
}

/** Lines of Markdown: a row for each class, and what the words of the last column mean. */
export function table(classes: readonly CaseClass[]): string {
  const rows = classes.map(({ name, cases }) => {
    const required = counts(cases.map(([, , outcome]) => kindOf(outcome)))
    const ways = cases.flatMap(([, , , uws]) =>
      uws === undefined || uws === null ? [] : [wayOf(uws)],
    )
    const same = cases.length - ways.length
    return [
      name,
      String(cases.length),
      required,
      [`as required ${same}`, counts(ways)].filter(Boolean).join(', '),
    ]
  })
  const total = classes.flatMap(({ cases }) => cases)
  const short = total.filter(([, , , uws]) => uws !== undefined && uws !== null)
  const sum = [
    'all',
    String(total.length),
    'as required',
    `as required ${total.length - short.length}, short of it ${short.length}`,
  ]
  const head = ['class', 'cases', 'http1', 'uws']
  const lines = [head, head.map(() => '---'), ...rows, sum].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
  const legend = (Object.keys(SHORTFALLS) as WayName[]).map(
    (way) => `- ${way}: ${SHORTFALLS[way].text}`,
  )
  return [...lines, '', ...legend].join('\n')
}

/** `silent 3, limits 1`: the commonest first. */
function counts(words: readonly string[]): string {
  const found = new Map<string, number>()
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1)
  return [...found]
    .toSorted(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ')
}
