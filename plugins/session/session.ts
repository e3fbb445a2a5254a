// What a session holds, how long it lasts, and when its cookie has to be written anew.
import { randomBytes } from 'node:crypto'

export interface Session {
  readonly id: string
  /** When its client showed credentials. Unix seconds, as all times here. */
  readonly beganAt: number
  /** The same, or when it was opened anew from the cookie that outlives the browser. */
  readonly createdAt: number
  /** When it was renewed last. */
  readonly rolledAt: number
  /** When its cookie was written last, which is when it was used last, give or take; 0 for not yet. */
  readonly usedAt: number
  readonly consumer: string
  readonly credential: string
  /** A name for people. */
  readonly subject: string
  readonly groups: readonly string[] | null
}

/** In seconds; 0 for no end. */
export interface Timeouts {
  readonly idling: number
  readonly rolling: number
  readonly absolute: number
}

/** A cookie is not written anew with every request, but when it is that old. Kong's library has the same. */
const TOUCH_SECONDS = 60

type Identity = Pick<Session, 'consumer' | 'credential' | 'subject' | 'groups'>

export function newSession(identity: Identity, now: number): Session {
  return { ...identity, id: newId(), beganAt: now, createdAt: now, rolledAt: now, usedAt: now }
}

/** From what a cookie has kept beyond the end of the session that it was written with. */
export function reopened(remembered: Session, now: number): Session {
  return { ...newSession(remembered, now), beganAt: remembered.beganAt, usedAt: 0 }
}

/** As the cookie that outlives the browser keeps it: that counts from the beginning. */
export function toRemember(session: Session): Session {
  return { ...session, createdAt: session.beganAt }
}

export function isLive(
  session: Session,
  { idling, rolling, absolute }: Timeouts,
  now: number,
): boolean {
  return (
    isWithin(now - session.createdAt, absolute) &&
    isWithin(now - session.rolledAt, rolling) &&
    isWithin(now - session.usedAt, idling)
  )
}

function isWithin(seconds: number, limit: number): boolean {
  return limit === 0 || seconds <= limit
}

/**
 * The session as its cookie has to be written now; null while the old one will do. It is renewed, which gives it another
 * id, as long before its end as a client may be idle: one that comes in time never finds it ended (Kong).
 */
export function refreshed(
  session: Session,
  { idling, rolling }: Timeouts,
  now: number,
): Session | null {
  if (session.usedAt === 0) return { ...session, usedAt: now }
  const age = now - session.rolledAt
  if (rolling > 0 && age >= Math.min(TOUCH_SECONDS, rolling / 4)) {
    const before = idling > 0 ? idling : rolling / 4
    if (rolling - age <= before) return { ...session, id: newId(), rolledAt: now, usedAt: now }
  }
  if (idling > 0 && now - session.usedAt >= Math.min(TOUCH_SECONDS, idling / 4)) {
    return { ...session, usedAt: now }
  }
  return null
}

/** Seconds that are left: of each time-out, and of the one that comes first. */
export function timeLeft(session: Session, { idling, rolling, absolute }: Timeouts, now: number) {
  const left = {
    idling: remaining(idling, now - session.usedAt),
    rolling: remaining(rolling, now - session.rolledAt),
    absolute: remaining(absolute, now - session.createdAt),
  }
  const ends = [left.idling, left.rolling, left.absolute].filter((end) => end !== null)
  return { ...left, any: ends.length === 0 ? null : Math.min(...ends) }
}

function remaining(limit: number, age: number): number | null {
  return limit === 0 ? null : Math.max(0, Math.floor(limit - age))
}

function newId(): string {
  return randomBytes(16).toString('base64url')
}

type Times = [beganAt: number, createdAt: number, rolledAt: number, usedAt: number]
type Sealed = [string, Times, string, string, string, readonly string[] | null]

/** As it is sealed: a list takes less room in every request than names. */
export function toText(session: Session): string {
  const { id, beganAt, createdAt, rolledAt, usedAt, consumer, credential, subject, groups } =
    session
  const times = [beganAt, createdAt, rolledAt, usedAt]
  return JSON.stringify([id, times, consumer, credential, subject, groups])
}

/** @param text what `toText` has made: it came out of a seal, so nobody else has written it */
export function fromText(text: string): Session {
  const [id, times, consumer, credential, subject, groups] = JSON.parse(text) as Sealed
  const [beganAt, createdAt, rolledAt, usedAt] = times
  return { id, beganAt, createdAt, rolledAt, usedAt, consumer, credential, subject, groups }
}
