// Signals from the first moment on. What a signal does by default would end the process, so this is loaded before
// anything that takes time.

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT'

export interface SignalActions {
  stop(signal: StopSignal): void
  reload(): void
}

const STOP: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGQUIT']
/**
 * nginx opens its log files again, or replaces its program. Here neither is to be done, but Node would open a debugger
 * at the first, and the second would end the process.
 */
const IGNORED: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGUSR2']

export class Signals {
  #actions: SignalActions | null = null
  #wantsReload = false

  constructor() {
    for (const signal of STOP) {
      process.on(signal, () => {
        // Nothing is served yet, so there is nothing to finish.
        if (this.#actions === null) process.exit(0)
        this.#actions.stop(signal)
      })
    }
    process.on('SIGHUP', () => {
      if (this.#actions === null) this.#wantsReload = true
      else this.#actions.reload()
    })
    for (const signal of IGNORED) process.on(signal, () => undefined)
  }

  /** From now on these are called; at once, if a reload was asked for in the meantime. */
  follow(actions: SignalActions): void {
    this.#actions = actions
    if (this.#wantsReload) actions.reload()
  }
}
