// One try with one resolver ends once: with its answer, with its fault, after its time, or because the client closes.
import { withoutStack } from '../../errors/without-stack.js'

/** Why a resolver gave no answer. Without a stack trace: it is expected to happen. */
export class ResolverFault extends Error {
  override readonly name = 'ResolverFault'
  /** With the resolver's address, for the log; the message is for clients. */
  readonly detail: string

  private constructor(message: string, detail: string) {
    super(message)
    this.detail = detail
  }

  static of(message: string, detail: string): ResolverFault {
    return withoutStack(() => new ResolverFault(message, detail))
  }
}

/** What is under way; calling one ends it. */
export type Cancels = Set<() => void>

export interface Ending<T> {
  readonly done: (value: T) => void
  /** @param what as in `ECONNREFUSED` */
  readonly fail: (what: string) => void
}

interface Try {
  /** As in `UDP server 10.0.0.1:53`. */
  readonly peer: string
  readonly timeoutMs: number
  readonly cancels: Cancels
}

/** @param begin begins the try, and returns what undoes it */
export function settle<T>(
  { peer, timeoutMs, cancels }: Try,
  begin: (ending: Ending<T>) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let undo = (): void => undefined
    let isOver = false
    const end = (): boolean => {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      cancels.delete(cancel)
      undo()
      return true
    }
    const fail = (what: string): void => {
      const message = 'failed to receive reply from the dns server'
      const detail = `failed to receive reply from ${peer}: ${what}`
      if (end()) reject(ResolverFault.of(`${message}: ${what}`, detail))
    }
    const cancel = (): void => fail('closed')
    const timer = setTimeout(fail, timeoutMs, 'timeout').unref()
    cancels.add(cancel)
    const done = (value: T): void => {
      if (end()) resolve(value)
    }
    try {
      undo = begin({ done, fail })
    } catch (error) {
      fail(faultOf(error))
    }
  })
}

export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return (error as NodeJS.ErrnoException).code ?? error.message
}
