// What a command line calls its files: names, patterns, folders and `-`, made into texts that can be read, in order,
// each once.
import { readdir, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Format } from '../config/index.js'
import { readStream, readText } from './read-text.js'

export interface Source {
  /** The name for messages. */
  readonly file: string
  /** What the text is, for one whose name does not say so. */
  readonly format?: Format
  /** Rejects when it cannot be read. */
  read(): Promise<string>
}

/** Something that stands for no file at all. */
export interface Miss {
  readonly file: string
  readonly message: string
  readonly hint?: string
}

export interface FoundSources {
  readonly sources: readonly Source[]
  readonly misses: readonly Miss[]
}

const STDIN = '-'
/** What messages call it. */
const INPUT = '<stdin>'
/** As for "$FILE" in a script, when nothing has been put there. */
const EMPTY: Miss = { file: "''", message: 'an empty name stands for no file' }
/** What a folder stands for. */
const ENDINGS = /\.(?:ya?ml|json)$/

/** @param input what `-` reads */
export async function findSources(
  names: readonly string[],
  input: AsyncIterable<unknown>,
): Promise<FoundSources> {
  const sources = new Map<string, Source>()
  const misses: Miss[] = []
  for (const name of names) {
    if (name === STDIN) {
      sources.set(STDIN, { file: INPUT, format: 'auto', read: () => readStream(input, INPUT) })
      continue
    }
    const found = await filesOf(name).catch((error: unknown): Miss => {
      const reason = error instanceof Error ? error.message : String(error)
      return { file: name, message: `cannot be read: ${reason}` }
    })
    if ('message' in found) misses.push(found)
    else for (const file of found) await addFile(sources, file)
  }
  return { sources: [...sources.values()], misses }
}

async function addFile(sources: Map<string, Source>, file: string): Promise<void> {
  const identity = await realpath(file).catch(() => file)
  if (sources.has(identity)) return
  sources.set(identity, { file, read: () => readText(file) })
}

/** A file that is there is itself, whatever characters its name has. */
async function filesOf(name: string): Promise<readonly string[] | Miss> {
  if (name === '') return EMPTY
  const found = await stat(name).catch(() => undefined)
  if (found?.isDirectory() === true) return filesIn(name)
  if (found !== undefined) return [name]
  // Loaded only for what may be a pattern: most calls name files.
  const { glob, isDynamicPattern } = await import('tinyglobby')
  // Reading it will say why it cannot be read.
  if (!isDynamicPattern(name)) return [name]
  const files = await glob(name, { absolute: isAbsolute(name), expandDirectories: false })
  if (files.length > 0) return files.sort()
  const hint = 'put quotes around a pattern, so that no shell changes it; ** stands for folders'
  return { file: name, message: 'the pattern matches no file', hint }
}

async function filesIn(folder: string): Promise<readonly string[] | Miss> {
  const entries = await readdir(folder)
  const files: string[] = []
  for (const entry of entries.sort()) {
    if (entry.startsWith('.') || !ENDINGS.test(entry)) continue
    const file = join(folder, entry)
    // Through links, since that is how Kubernetes mounts a ConfigMap. A broken one is a fault of its own.
    if ((await stat(file).catch(() => undefined))?.isDirectory() !== true) files.push(file)
  }
  if (files.length > 0) return files
  const hint = `for the folders in it: '${join(folder, '**/*.yml')}'`
  return { file: folder, message: 'the folder holds no .yml, .yaml or .json file', hint }
}
