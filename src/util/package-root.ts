// Where the package lies: this module is at its own depth below it, and at another one as part of a bundle.
import { existsSync } from 'node:fs'

/** URL of the folder that holds package.json. */
export const PACKAGE_ROOT: URL = find(new URL('./', import.meta.url))

function find(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder
  const parent = new URL('../', folder)
  if (parent.href === folder.href) throw new Error('no package.json above the gateway')
  return find(parent)
}
