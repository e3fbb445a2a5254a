// Sockets as this engine reads them: into one buffer for all connections. Streams would make a buffer for each read,
// which costs about 2 µs a request (DATA-PATH).
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'

interface HandleOwner {
  _handle: unknown
}

interface HandleOptions extends SocketConstructorOpts {
  readonly handle: unknown
  readonly onread: OnReadOpts
}

/**
 * Moves an accepted connection to a socket that reads as `onread` says; `net.Server` has no option for it. Node.js
 * documents `onread` for sockets that connect, and takes it from a socket with a handle just as well.
 * @param accepted paused since it was accepted (`pauseOnConnect`); not to be used any more
 */
export function withReadBuffer(accepted: Socket, onread: OnReadOpts): Socket {
  const owner = accepted as unknown as HandleOwner
  const handle = owner._handle
  owner._handle = null
  const options: HandleOptions = { handle, onread, allowHalfOpen: true }
  return new Socket(options)
}
