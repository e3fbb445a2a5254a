// The ways in which uWebSockets.js falls short of the required outcome. What a case names here it is held to: nothing
// that could be read in two ways reaches the target there either.
import { A } from './bytes.js'
import type { Outcome } from './outcome.js'

interface Way {
  /** For the table. */
  readonly text: string
  /** What happens instead of the required. */
  instead(required: Outcome): Outcome
}

/** What of the required answers stands before the first refusal. */
const servedAnswers = ({ answers, reaches }: Outcome): number[] => answers.slice(0, reaches.length)
/** The first request is served, and none behind it. */
const first = ({ answers, reaches }: Outcome): Outcome => ({
  answers: answers.slice(0, answers[0] === 100 ? 2 : 1),
  reaches: reaches.slice(0, 1),
  connection: 'closed',
})

/** The target may see the first request, or its beginning. */
const mayBegin = [A]

const WAYS = {
  silent: {
    text: 'closes without an answer to what it refuses or does not know, at the latest by its clock of 10 s',
    instead: (required) => ({
      ...required,
      answers: servedAnswers(required),
      mayReach: required.begins ?? [],
      connection: 'closed',
      isCut: true,
    }),
  },
  closing: {
    text: 'closes behind a request that is chunked, instead of keeping the connection',
    instead: first,
  },
  cutting: {
    text: 'closes without an answer when more comes before the answer to the first request',
    instead: ({ answers, reaches }) => ({
      answers: answers.filter((status) => status === 100),
      reaches: [],
      mayReach: reaches.slice(0, 1).map(({ path }) => path),
      begins: reaches.slice(0, 1).map(({ path }) => path),
      connection: 'closed',
    }),
  },
  blank: {
    text: 'does not know empty lines before a request, and waits until its clock closes',
    instead: () => ({ answers: [], reaches: [], connection: 'closed' }),
  },
  unsupported: {
    text: 'answers 505 to HTTP/1.0, to all but the origin form, to request lines in pieces, and to whatever it takes for a request line: trailers, the rest of a wrong body',
    instead: ({ reaches }) => ({
      answers: [505],
      reaches: [],
      mayReach: [...mayBegin, ...reaches.slice(0, 1).map(({ path }) => path)],
      begins: mayBegin,
      connection: 'closed',
    }),
  },
  limits: {
    text: 'answers 431 past limits of its own: 97 lines, and 32 KB of a line without an end',
    instead: () => ({ answers: [431], reaches: [], connection: 'closed' }),
  },
  refuses: {
    text: 'answers 400 to what is well-formed: values of extensions in quotes, bytes that are no UTF-8, WebSockets without a key',
    instead: () => ({
      answers: [400],
      reaches: [],
      mayReach: mayBegin,
      begins: mayBegin,
      connection: 'closed',
    }),
  },
  hanging: {
    text: 'takes an extension for digits of the size, or believes any size, and waits for so many bytes',
    instead: () => ({ answers: [], reaches: [], begins: mayBegin, connection: 'waiting' }),
  },
  misreading: {
    text: 'takes wrong chunks, trailers or codings for right, and closes with or without an answer: the target gets one plain request, without the rest, or none',
    instead: () => ({
      answers: [],
      isFree: true,
      reaches: [],
      mayReach: mayBegin,
      begins: mayBegin,
      connection: 'closed',
    }),
  },
  lenient: {
    text: 'serves what is wrong, or loses part of it: bytes beyond ASCII at the ends of a value, lines behind one without a name, a delete character',
    instead: (required) => required,
  },
  continuing: {
    text: 'sends `100 Continue` by itself, also before it refuses, twice to GET, and not to `100-CONTINUE`',
    instead: (required) => ({ ...required, answers: [100, ...required.answers] }),
  },
} as const satisfies Record<string, Way>

export type WayName = keyof typeof WAYS

export const SHORTFALLS: Readonly<Record<WayName, Way>> = WAYS

/** A way, and what happens where the way alone does not tell. */
export type Shortfall = WayName | readonly [WayName, Outcome]

export function wayOf(shortfall: Shortfall): WayName {
  return typeof shortfall === 'string' ? shortfall : shortfall[0]
}

/** What may come of a case there when all its bytes come at once, which mostly makes it close the connection. */
export function freeOutcome(required: Outcome, onUws: Outcome): Outcome {
  const { mayReach = [], begins = [] } = onUws
  const served = [...required.reaches, ...onUws.reaches.slice(0, 1)].map(({ path }) => path)
  const paths = [...served, ...mayReach, ...begins, ...(required.begins ?? [])]
  return {
    answers: [],
    reaches: [],
    mayReach: paths,
    begins: paths,
    isFree: true,
    connection: 'waiting',
  }
}

/** What comes of a case on uWebSockets.js. */
export function outcomeOnUws(required: Outcome, shortfall: Shortfall | null): Outcome {
  if (shortfall === null) return required
  return typeof shortfall === 'string' ? SHORTFALLS[shortfall].instead(required) : shortfall[1]
}
