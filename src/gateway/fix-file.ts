// Mends declarative files in place: a file is either replaced as a whole or not touched.
import { randomUUID } from 'node:crypto'
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fixDocument, type Fix } from '../config/fix/index.js'
import { ConfigError } from '../errors/config-error.js'
import { describeError } from '../errors/describe.js'

export interface FixedFile {
  /** As it was given. */
  readonly file: string
  readonly before: string
  /** The same as before when there is nothing to fix. */
  readonly after: string
  readonly fixes: readonly Fix[]
}

export interface UnfixedFile {
  readonly file: string
  /** Why it is left as it is. */
  readonly refusal: string
}

/**
 * Mends one file; null for a file that cannot be read or parsed, which checking it will tell.
 * @param isDryRun nothing is written
 */
export async function fixFile(
  file: string,
  isDryRun: boolean,
): Promise<FixedFile | UnfixedFile | null> {
  const read = await readText(file)
  if (read === null || 'refusal' in read) return read
  const before = read.text
  try {
    const { text: after, fixes, refusal } = fixDocument(before, file)
    if (refusal !== undefined) return { file, refusal }
    if (after !== before && !isDryRun) await replace(file, after)
    return { file, before, after, fixes }
  } catch (error) {
    if (error instanceof ConfigError) return null
    if (!isSystemError(error)) throw error
    return { file, refusal: `cannot be written: ${describeError(error)}` }
  }
}

async function readText(file: string): Promise<{ text: string } | UnfixedFile | null> {
  try {
    const { isFile } = await stateOf(file)
    if (!isFile) return { file, refusal: 'not a plain file' }
    const bytes = await readFile(file)
    // Decoded loosely, a broken character would come back as another one.
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) return { file, refusal: 'not UTF-8' }
    if (isSystemError(error)) return null
    throw error
  }
}

async function stateOf(file: string) {
  const state = await stat(file)
  return { isFile: state.isFile(), mode: state.mode & 0o7777, uid: state.uid, gid: state.gid }
}

/** Through a temporary file beside it, so that nobody ever reads half of it. What a link leads to is what is replaced. */
async function replace(file: string, text: string): Promise<void> {
  const target = await realpath(file)
  // To rename over a file asks nothing of the file itself.
  await access(target, constants.W_OK)
  const { mode, uid, gid } = await stateOf(target)
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    // Nobody else may read it before its mode is that of the file.
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      const own = await handle.stat()
      if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
