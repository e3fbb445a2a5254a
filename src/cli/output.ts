// Output that may be long, and whose reader may leave.
import { describeError } from '../errors/describe.js'
import { visible } from '../util/terminal-text.js'

/**
 * Writes the text and a line break. Resolves once it has been handed over, also when nobody reads any more, as behind
 * `| head`: that is no fault of what was to be said. Nothing is written for an empty text.
 */
export function print(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve()
  return new Promise((resolve, reject) => {
    const finish = (error?: NodeJS.ErrnoException | null): void => {
      if (error && error.code !== 'EPIPE') reject(error)
      else resolve()
    }
    // Comes besides the callback, and would end the process if nobody listened.
    stream.once('error', finish)
    stream.write(`${text}\n`, (error) => {
      if (!error) stream.off('error', finish)
      finish(error)
    })
  })
}

/** What went wrong, with nothing in it that a terminal would obey: files and names may hold anything. */
export function printError(error: unknown): Promise<void> {
  return print(process.stderr, `Error: ${visible(describeError(error), '\n')}`)
}

/** Whether to colour what goes there. https://force-color.org, https://no-color.org */
export function hasColor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return stream.isTTY === true && TERM !== 'dumb'
}
