// Reads a user's plugin module, TypeScript or JavaScript, without a build step. Imported only when there is such a module,
// so that others do not pay for the TypeScript loader.
import { createJiti } from 'jiti'
import * as door from './index.js'

const jiti = createJiti(import.meta.url, {
  // The very module that the gateway itself uses: keys and error classes are compared by identity.
  virtualModules: { 'gw/plugin': door },
  // A cache of code in a temporary folder that others may write to would be code that others may write.
  fsCache: false,
  interopDefault: false,
})

/** The default export of the module; undefined without one. */
export async function importDefault(file: string): Promise<unknown> {
  const module: unknown = await jiti.import(file)
  return typeof module === 'object' && module !== null && 'default' in module
    ? module.default
    : undefined
}

/** What went wrong while loading, and where in the file; line 0 when that is not known. */
export function placeOf(
  error: unknown,
  file: string,
): { message: string; line: number; column: number } {
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  // A syntax error carries its place in the message, an exception in the first line of its stack in that file.
  for (const text of [message, stack]) {
    const at = text.indexOf(`${file}:`)
    const place = at < 0 ? null : /^:(\d+):(\d+)/.exec(text.slice(at + file.length))
    if (place !== null) {
      return { message: firstLine(message), line: Number(place[1]), column: Number(place[2]) }
    }
  }
  return { message: firstLine(message), line: 0, column: 0 }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
