// How far a connection has come: what the next bytes are.

export const IDLE = 0
export const HEAD = 1
export const BODY = 2
/** A request has been read and waits for its answer, or for the one before to leave. */
export const WAITING = 3
/** The body of a request that has been answered. */
export const FORGOTTEN = 4
export const LINGERING = 5
export const CLOSED = 6
/** The connection has left HTTP behind. */
export const TUNNEL = 7
