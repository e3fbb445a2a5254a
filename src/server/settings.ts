// What both engines can be told besides where to listen.

export interface EngineSettings {
  /** How long a request body may pause between two pieces, in ms (nginx: client_body_timeout). */
  readonly bodyTimeoutMs: number
  /** How long a client may take nothing of an answer that waits for it, in ms (nginx: send_timeout). */
  readonly sendTimeoutMs: number
  /** Lets other processes listen on the same port; without it a forgotten process is found out at once. */
  readonly sharePort: boolean
}

export const DEFAULT_SETTINGS: EngineSettings = {
  bodyTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  sharePort: false,
}
