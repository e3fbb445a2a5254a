// One connection to a target: its socket, what is read from it, its deadlines. It serves one call at a time and knows
// nothing of pools and retries.
import type { Socket } from 'node:net'
import type { ResponseHead } from '../model/response-head.js'
import { failureOf, type Failure, type Progress } from './failure.js'
import { ResponseParser } from './response-parser.js'
import { DirectWriter } from '../util/http1/direct-write.js'
import { SocketTunnelEnd, type TunnelEnd } from '../util/http1/tunnel-end.js'
import { NEVER, type Sweep, type Timed } from '../util/sweep.js'
import type { Target, Timeouts } from './transport.js'

/** The call that a connection serves. */
export interface ConnectionUser {
  readonly method: string
  /** It asks for a WebSocket. */
  readonly upgrades: boolean
  readonly timeouts: Timeouts
  /** A new connection is open (and secure): write. */
  onReady(connection: Connection): void
  /** All that was refused has left: go on writing. */
  onWritable(): void
  onResponse(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void
  onChunk(chunk: Buffer | null, last: boolean): void
  /** The target has switched: the connection carries bytes and nothing else from here on. */
  onSwitched(head: ResponseHead, target: TunnelEnd): void
  /** The connection is of no use any more, and the answer is not complete. */
  onBroken(connection: Connection, failure: Failure): void
}

/** Gives a call new connections. */
export interface Dialer {
  readonly target: Target
  connect(user: ConnectionUser): Connection
}

/** Where connections go when they have nothing to do. */
export interface ConnectionHome {
  readonly sweep: Sweep
  /** @param keepAliveSeconds what the target says that it keeps an idle connection, or -1 */
  release(connection: Connection, keepAliveSeconds: number): void
  /** The connection has closed while it was idle. */
  forget(connection: Connection): void
}

/** What `net.connect` and `tls.connect` are given as `onread`. */
export interface ReadHandler {
  readonly buffer: Uint8Array
  callback(bytes: number, buffer: Uint8Array): boolean
}

/** Opens the socket; `onSecure` is called when TLS, too, is done. */
export type Dial = (read: ReadHandler) => Socket

export class Connection implements Timed {
  deadline = NEVER
  slot = -1
  /** Calls that it has served, the present one included. */
  calls = 0
  readonly #home: ConnectionHome
  readonly #socket: Socket
  readonly #direct: DirectWriter
  readonly #parser = new ResponseParser()
  #user: ConnectionUser | null
  #tunnel: SocketTunnelEnd | null = null
  #progress: Progress = 'connecting'
  #isSent = false
  #isBlocked = false
  #isPaused = false

  /**
   * @param buffer shared by all connections: a read has been dealt with when its callback returns
   * @param readyEvent of the socket: `connect`, or `secureConnect` for TLS
   */
  constructor(
    home: ConnectionHome,
    dial: Dial,
    buffer: Buffer,
    readyEvent: string,
    user: ConnectionUser,
  ) {
    this.#home = home
    this.#user = user
    // First, since it throws on a host that can be none.
    this.#socket = dial({
      buffer,
      callback: (bytes) => {
        this.#onRead(buffer, bytes)
        return true
      },
    })
    this.#direct = new DirectWriter(this.#socket)
    this.deadline = home.sweep.after(user.timeouts.connectMs)
    home.sweep.add(this)
    this.#socket
      .once('connect', () => (this.#progress = 'securing'))
      .once(readyEvent, () => this.#onReady())
      .on('drain', () => this.#onDrain())
      .on('timeout', () => this.#onWriteTimeout())
      .on('error', (error) => this.#break(failureOf(error, this.#progress)))
      .on('end', () => this.#onEnd())
      .on('close', () => this.#onEnd())
  }

  /** Takes up a call. Write the request next, then `requestSent`. */
  // HOT PATH
  begin(user: ConnectionUser): void {
    this.#user = user
    this.#isSent = false
    this.calls++
    this.deadline = NEVER
    this.#parser.begin(user.method === 'HEAD', user.upgrades)
  }

  /** The head of a request without a body: all there is to send. */
  // HOT PATH
  writeOnly(head: string, encoding: 'latin1' | 'utf8', readMs: number): void {
    this.#isSent = true
    this.deadline = this.#home.sweep.after(readMs)
    this.#direct.write(head, encoding)
  }

  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  /** @returns false when the target does not keep up: wait for `onWritable` */
  write(data: string | Buffer, encoding: BufferEncoding): boolean {
    if (this.#socket.write(data, encoding)) return true
    this.#block()
    return false
  }

  /** Everything has been handed over. */
  requestSent(): void {
    this.#isSent = true
    if (!this.#isBlocked) this.#awaitAnswer()
  }

  /** Reads no more; TLS may still hand over what it has decrypted. */
  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.deadline = NEVER
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#awaitAnswer()
    this.#socket.resume()
  }

  /** Waits for the next call. */
  rest(ms: number): void {
    this.deadline = this.#home.sweep.after(ms)
  }

  /** Closes it; nobody is told. */
  destroy(): void {
    this.#user = null
    this.deadline = NEVER
    this.#home.sweep.remove(this)
    this.#socket.destroy()
  }

  onDeadline(): void {
    const ms = this.#user?.timeouts
    if (ms === undefined) {
      this.#close()
    } else if (this.#progress !== 'open') {
      const step = this.#progress === 'securing' ? 'finish the TLS handshake' : 'accept'
      const what = `did not ${step} within ${ms.connectMs} ms`
      this.#break({ code: 'UPSTREAM_CONNECT_TIMEOUT', what, cause: null })
    } else {
      const what = `sent nothing for ${ms.readMs} ms`
      this.#break({ code: 'UPSTREAM_READ_TIMEOUT', what, cause: null })
    }
  }

  #onReady(): void {
    // Set here because tls.connect does not pass noDelay on.
    this.#socket.setNoDelay(true)
    this.#progress = 'open'
    const user = this.#user
    if (user !== null) user.onReady(this)
  }

  // HOT PATH
  #onRead(buffer: Buffer, bytes: number): void {
    const user = this.#user
    if (this.#tunnel !== null) {
      this.#tunnel.take(buffer.subarray(0, bytes))
      return
    }
    if (user === null || this.calls === 0) {
      // What follows could be taken for the answer to another request.
      const what = 'sent bytes that nobody has asked for'
      this.#break({ code: 'UPSTREAM_INVALID_RESPONSE', what, cause: null })
      return
    }
    const parser = this.#parser
    parser.execute(buffer, bytes)
    if (parser.fault !== '') {
      const what = `sent an answer that is not valid: ${parser.fault}`
      this.#break({ code: 'UPSTREAM_INVALID_RESPONSE', what, cause: null })
      return
    }
    if (parser.hasSwitched && parser.head !== null) {
      this.#switch(user, parser.head, buffer.subarray(parser.consumed, bytes))
      return
    }
    const { head, length, isComplete, bodyStart, bodyEnd } = parser
    const chunk = bodyStart === bodyEnd ? null : buffer.subarray(bodyStart, bodyEnd)
    // Before the user hears of it, so that its next call finds the connection.
    if (isComplete) this.#finish(parser.consumed === bytes)
    else this.#goOn(parser.hasHead)
    if (head !== null) user.onResponse(head, length, chunk, isComplete)
    else if (chunk !== null || isComplete) user.onChunk(chunk, isComplete)
  }

  /** Leaves HTTP and the pool for good: from here on the socket is the tunnel's. */
  #switch(user: ConnectionUser, head: ResponseHead, ahead: Buffer): void {
    const { readMs, writeMs } = user.timeouts
    this.#user = null
    this.deadline = NEVER
    this.#home.sweep.remove(this)
    this.#tunnel = new SocketTunnelEnd(this.#socket, ahead, { idleMs: readMs, writeMs })
    user.onSwitched(head, this.#tunnel)
  }

  /** More of the answer is to come. */
  #goOn(hasHead: boolean): void {
    if (hasHead && !this.#isSent && this.#isBlocked) this.#unblock()
    if (!this.#isPaused && (hasHead || (this.#isSent && !this.#isBlocked))) this.#awaitAnswer()
  }

  // HOT PATH
  #finish(isAlone: boolean): void {
    const { isReusable, keepAliveSeconds } = this.#parser
    this.#user = null
    if (
      !isAlone ||
      !isReusable ||
      !this.#isSent ||
      this.#socket.writableLength > 0 ||
      this.#direct.isFlying
    ) {
      this.destroy()
      return
    }
    if (this.#isPaused) {
      this.#isPaused = false
      this.#socket.resume()
    }
    this.#home.release(this, keepAliveSeconds)
  }

  #onEnd(): void {
    if (this.#tunnel !== null) return
    const user = this.#user
    if (user === null || !this.#parser.end()) {
      const before = this.#parser.hasHead ? 'the answer was complete' : 'it answered'
      const what = `closed the connection before ${before}`
      const code = this.#progress === 'securing' ? 'UPSTREAM_TLS' : 'UPSTREAM_RESET'
      this.#break({ code, what, cause: null })
      return
    }
    this.destroy()
    user.onChunk(null, true)
  }

  #break(failure: Failure): void {
    if (this.#tunnel !== null) return
    const user = this.#user
    if (user === null) {
      this.#close()
      return
    }
    this.destroy()
    user.onBroken(this, failure)
  }

  #close(): void {
    this.#home.forget(this)
    this.destroy()
  }

  #awaitAnswer(): void {
    const user = this.#user
    if (user !== null) this.deadline = this.#home.sweep.after(user.timeouts.readMs)
  }

  /** The one timer of its own that a connection may have: the socket's tells a slow target from a stuck one. */
  #block(): void {
    const user = this.#user
    if (this.#isBlocked || user === null) return
    this.#isBlocked = true
    this.deadline = NEVER
    this.#socket.setTimeout(user.timeouts.writeMs)
  }

  #unblock(): void {
    this.#isBlocked = false
    this.#socket.setTimeout(0)
  }

  #onDrain(): void {
    if (!this.#isBlocked) return
    this.#unblock()
    if (this.#isSent) this.#awaitAnswer()
    else this.#user?.onWritable()
  }

  #onWriteTimeout(): void {
    const ms = this.#user?.timeouts.writeMs ?? 0
    const what = `took none of the request for ${ms} ms`
    this.#break({ code: 'UPSTREAM_WRITE_TIMEOUT', what, cause: null })
  }
}
