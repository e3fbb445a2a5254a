// Where the project lies, whether the asking file runs as source or from dist.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the folder that holds package.json. */
export const projectRoot = find(dirname(fileURLToPath(import.meta.url)))

/** The compiled command line, as `gw` starts it. */
export const gwCommand = join(projectRoot, 'dist/src/cli/main.js')

/** The same under the name of Kong's. */
export const kongCommand = join(projectRoot, 'dist/src/cli/kong.js')

function find(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('no package.json above the tests')
  return find(parent)
}
