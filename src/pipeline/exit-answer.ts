// An answer in place of the target's, as plugins hand it to `exit`.

/** An answer that a plugin has decided on. */
export interface ExitAnswer {
  readonly status: number
  readonly body: string | Buffer | null
  readonly contentType: string | null
  readonly headers: Readonly<Record<string, string>> | undefined
  /** A target has given it before. */
  readonly isReplay?: true
}

/** @throws TypeError: a plugin in JavaScript is held to the contract by nothing else. */
export function checkBody(body: unknown): void {
  if (body === undefined || body === null || typeof body === 'string' || Buffer.isBuffer(body))
    return
  throw new TypeError(`a response cannot have a ${typeof body} for its body`)
}
