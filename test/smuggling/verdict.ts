// Compares what a play has set off with what it should have.
import assert from 'node:assert/strict'
import type { Outcome, Reached } from './outcome.js'
import type { Play } from './plays.js'
import type { Seen } from './runner.js'

/** @throws AssertionError with what was sent, seen and wanted */
export function judge({ pieces, outcome, isTorn }: Play, found: Seen): void {
  const { answers, connection, isFree = false, isCut = false } = outcome
  const sent = `${isTorn ? 'byte by byte ' : ''}${JSON.stringify(pieces).slice(0, 1000)}`
  const reaches = withoutOptional(found.reaches, outcome)
  const actual = {
    answers: isFree ? answers : found.answers,
    connection: isFree ? connection : found.connection,
    reaches: reaches.map((one, i) => comparable(one, outcome.reaches[i])),
    begins: found.begins.filter((path) => outcome.begins?.includes(path) !== true),
    rest: found.rest,
  }
  const wanted = { answers, connection, reaches: outcome.reaches, begins: [], rest: '' }
  assert.deepEqual(actual, wanted, `${sent}\n${JSON.stringify({ seen: actual, wanted }, null, 1)}`)
  // RFC 9112, 9.6: whoever closes says so in the last answer; whoever says so closes.
  if (!isFree && !isCut && answers.length > 0 && connection !== 'waiting') {
    assert.equal(found.announcesClose, connection === 'closed', `Connection: close, ${sent}`)
  }
  // Every answer of the target belongs to the request that stands in its place.
  const requests = found.reaches.map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(found.marks, requests.slice(0, found.marks.length), sent)
}

/** Without those that may come or not, once each. */
function withoutOptional(reaches: readonly Reached[], { mayReach = [] }: Outcome): Reached[] {
  const optional = new Set(mayReach)
  return reaches.filter(({ path }) => !optional.delete(path))
}

/** With the fields that are asked for, and no other. */
function comparable({ method, path, body, fields }: Reached, wanted: Reached | undefined): Reached {
  if (wanted?.fields === undefined) return { method, path, body }
  const values = Object.keys(wanted.fields).map((name) => [name, fields?.[name] ?? []])
  return { method, path, body, fields: Object.fromEntries(values) as Reached['fields'] & object }
}
