// The two names of the command: under `kong` it says what Kong's says, word by word, for the scripts that read it.
import { describeError } from '../errors/describe.js'
import { visible } from '../util/terminal-text.js'
import { print, printError } from './output.js'

export interface Style {
  readonly product: 'gw' | 'Kong'
  readonly command: 'gw' | 'kong'
  /** Whether `start` goes into the background when no setting says otherwise. */
  readonly hasDaemon: boolean
  notRunning(prefix: string): string
  /** Says why a command failed. */
  fail(error: unknown, isVerbose?: boolean): Promise<void>
}

export const GW: Style = {
  product: 'gw',
  command: 'gw',
  hasDaemon: false,
  notRunning: (prefix) => `gw is not running in ${prefix}`,
  fail: printError,
}

export const KONG: Style = {
  product: 'Kong',
  command: 'kong',
  hasDaemon: true,
  notRunning: (prefix) => `nginx not running in prefix: ${prefix}`,
  async fail(error, isVerbose = false) {
    if (isVerbose && error instanceof Error) {
      await print(process.stderr, `Error:\n${visible(error.stack ?? describeError(error), '\n')}`)
      return
    }
    await printError(error)
    await print(process.stderr, '\n  Run with --v (verbose) or --vv (debug) for more details')
  },
}
