// Tells systemd how the service is doing (sd_notify), when it asks for that by NOTIFY_SOCKET. Node cannot write to a
// datagram socket of Unix, so systemd's own small program does.
import { spawn } from 'node:child_process'

export type ServiceState = 'ready' | 'reloading' | 'stopping'

export interface ServiceManager {
  /** One after the other, in the order of the calls; never rejects. */
  tell(state: ServiceState): Promise<void>
}

const SILENT: ServiceManager = { tell: () => Promise.resolve() }

/** What cannot be told is no reason to stop; the caller hears of it once. */
export function serviceManager(
  environment: Readonly<Record<string, string | undefined>>,
  onFault: (message: string) => void,
): ServiceManager {
  if (!environment.NOTIFY_SOCKET) return SILENT
  let last: Promise<void> = Promise.resolve()
  let hasFault = false
  return {
    tell(state) {
      last = last
        .then(() => notify(linesOf(state)))
        .catch((error: unknown) => {
          if (hasFault) return
          hasFault = true
          const reason = error instanceof Error ? error.message : String(error)
          onFault(`systemd was not told that this is ${state}: ${reason}`)
        })
      return last
    },
  }
}

function linesOf(state: ServiceState): readonly string[] {
  if (state === 'ready') return ['READY=1']
  if (state === 'stopping') return ['STOPPING=1']
  // Type=notify-reload wants to know when, by the clock that does not jump.
  return ['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`]
}

/** Long enough for a machine under load. */
const TIMEOUT_MS = 5_000

function notify(lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = spawn('systemd-notify', [`--pid=${process.pid}`, ...lines], {
      stdio: 'ignore',
      timeout: TIMEOUT_MS,
    })
    program.once('error', reject)
    program.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`systemd-notify ended with ${code ?? signal}`))
    })
  })
}
