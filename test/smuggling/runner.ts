// Plays all cases at once against one gateway, then tells what each of them has set off at both of its ends.
import { RawClient } from '../support/raw-client.js'
import { sleep } from '../support/wait.js'
import { readAnswers } from './answers.js'
import type { Outcome, Reached } from './outcome.js'
import type { Play } from './plays.js'
import type { StrictRequest } from './strict-reader.js'
import type { StrictTarget } from './target.js'

/** Between two pieces: how long an answer to the first may take, if there is one, and how much longer the second waits. */
const ANSWER_MS = 1000
const PAUSE_MS = 30
/** How long an engine that waits for more is watched. */
const QUIET_MS = 400
/** How long an engine is watched of which nothing is asked but what it must not do. */
const FREE_MS = 2000
/** Clients that speak at the same time: more, and the gateway would fall behind and read together what is sent apart. */
const SPEAKERS = 40
/** How long a client holds the floor when no answer comes. */
const FLOOR_MS = 50
/** More pieces than this would take too long. */
const MOST_PIECES = 2000

/** What a play has come to. */
export interface Seen {
  readonly answers: readonly number[]
  /** Marks of the answers that came from the target. */
  readonly marks: readonly string[]
  readonly connection: Outcome['connection']
  /** The last answer says that the connection will be closed. */
  readonly announcesClose: boolean
  /** What the client got behind the last answer. */
  readonly rest: string
  reaches: readonly Reached[]
  /** Paths of requests that the target has seen the beginning of. */
  begins: readonly string[]
}

export interface Record {
  seenOf(play: Play): Seen
  /** What has come to the target and belongs to no play, or is no plain HTTP/1.1. */
  readonly strays: readonly string[]
}

/** @param patienceMs how long an answer, or the end of a connection, may take */
export async function playAll(
  plays: readonly Play[],
  port: number,
  target: StrictTarget,
  patienceMs: number,
): Promise<Record> {
  const all = new Map<string, Seen>()
  const ends = await Promise.all(await speakAll(plays, port, patienceMs))
  for (const [id, end] of ends) all.set(id, { ...end, reaches: [], begins: [] })
  // Whatever those bytes could still set off.
  await sleep(QUIET_MS)
  const strays = attribute(all, target)
  return {
    strays,
    seenOf({ id }) {
      const seen = all.get(id)
      if (seen === undefined) throw new Error(`${id} has not been played`)
      return seen
    },
  }
}

/** Gives each play what has come of it to the target. @returns what belongs to none */
function attribute(all: ReadonlyMap<string, Seen>, target: StrictTarget): string[] {
  const strays: string[] = []
  for (const request of target.requests) {
    const seen = all.get(idOf(request.path))
    if (seen === undefined) strays.push(`${request.method} ${request.path}`)
    else if (!request.path.endsWith(PROBE)) seen.reaches = [...seen.reaches, asReached(request)]
  }
  for (const { bytes, rest, hasEnded, fault } of target.inbound) {
    if (fault !== '') strays.push(`${fault} in ${JSON.stringify(bytes)}`)
    else if (rest !== '') {
      const path = rest.split(' ')[1] ?? ''
      const seen = all.get(idOf(path))
      // One that goes on could still become whole.
      if (seen === undefined || !hasEnded) strays.push(JSON.stringify(rest))
      else seen.begins = [...seen.begins, path]
    }
  }
  return strays
}

type End = readonly [id: string, Omit<Seen, 'reaches' | 'begins'>]

const PROBE = '/probe'

/** Resolves when all has been said; what comes of it is told by the promises in it. */
async function speakAll(
  plays: readonly Play[],
  port: number,
  patienceMs: number,
): Promise<Promise<End>[]> {
  const ends: Promise<End>[] = []
  // Those that a clock of the gateway ends go first.
  const waiting = plays.toSorted((a, b) => Number(isSlow(b)) - Number(isSlow(a))).values()
  const speaker = async (): Promise<void> => {
    for (const play of waiting) {
      const client = await RawClient.open(port)
      const said = send(client, play)
      const end = said.then(() => watch(client, play, patienceMs))
      ends.push(end.finally(() => client.destroy()))
      await Promise.race([end, play.isTorn ? said : sleep(FLOOR_MS)])
    }
  }
  await Promise.all(Array.from({ length: SPEAKERS }, speaker))
  return ends
}

function isSlow({ outcome }: Play): boolean {
  return outcome.connection === 'closed' && outcome.answers.length === 0
}

async function send(client: RawClient, { pieces, isTorn }: Play): Promise<void> {
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) await pause(client)
    const step = isTorn ? Math.ceil(piece.length / MOST_PIECES) : piece.length
    for (let at = 0; at < piece.length && client.ending === 'open'; at += step) {
      client.send(piece.slice(at, at + step))
      if (isTorn) await new Promise(setImmediate)
    }
  }
}

async function pause(client: RawClient): Promise<void> {
  const before = client.received.length
  await patiently(client.until((received) => received.length > before, ANSWER_MS))
  await sleep(PAUSE_MS)
}

async function watch(client: RawClient, play: Play, patienceMs: number): Promise<End> {
  const { id, outcome } = play
  const count = outcome.answers.length
  const has = (answers: number) => (received: string) =>
    readAnswers(received).list.length >= answers
  await patiently(client.until(has(count), patienceMs))
  if (outcome.isFree) await sleep(FREE_MS)
  else if (outcome.connection === 'closed') await patiently(client.untilEnd(patienceMs))
  else if (outcome.connection === 'waiting') await sleep(QUIET_MS)
  else {
    client.send(`GET /${id}${PROBE} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await patiently(client.until(has(count + 1), patienceMs))
  }
  return [id, endOf(client, `GET /${id}${PROBE}`)]
}

/** @param probe the mark of the answer to the request that shows whether the connection is kept */
function endOf(client: RawClient, probe: string): End[1] {
  const { list, rest } = readAnswers(client.received)
  const isKept = list.at(-1)?.mark === probe
  const own = isKept ? list.slice(0, -1) : list
  return {
    answers: own.map(({ status }) => status),
    marks: own.map(({ mark }) => mark).filter(Boolean),
    announcesClose: own.at(-1)?.announcesClose ?? false,
    connection: client.ending !== 'open' ? 'closed' : isKept ? 'kept' : 'waiting',
    rest,
  }
}

/** The end of the patience is no failure by itself: the verdict is on what has come by then. */
async function patiently(waiting: Promise<string>): Promise<void> {
  await waiting.catch(() => undefined)
}

/** The play that a path belongs to; empty for none. */
function idOf(path: string): string {
  return /^\/(\w+)\//.exec(path)?.[1] ?? ''
}

function asReached({ method, path, body, fields }: StrictRequest): Reached {
  return { method, path, body, fields: Object.fromEntries(fields) }
}
