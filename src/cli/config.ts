// gw config: an example to begin with, the check of one file, and the two that need a database.
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describeError } from '../errors/describe.js'
import { checkConfig, loadRegistry, readConfigText } from '../gateway/load.js'
import { loadSettings } from '../gateway/load-settings.js'
import { print } from './output.js'
import { prefixFlag, type PlaceOptions } from './place.js'

const DEFAULT_FILE = './kong.yml'

const EXAMPLE = `# An example to begin with. Everything behind a # is a comment: take it away from what you need.

# The version of the format, in quotes.
_format_version: "3.0"

# false for a file with passwords that are hashes already, as in an export.
_transform: true

# services:
# - name: example
#   url: http://example.com
#   routes:
#   - name: example
#     paths: [/]
#   plugins:
#   - name: key-auth

# What is not nested names what it belongs to.
# routes:
# - name: by-host
#   service: example
#   hosts: [example.test]

# consumers:
# - username: alice
#   keyauth_credentials:
#   - key: a-long-random-key

# plugins:
# - name: rate-limiting
#   consumer: alice
#   config:
#     minute: 60
#     policy: local
`

/** @throws Error when the file is there */
export function configInit(file: string = DEFAULT_FILE): void {
  const path = resolve(file)
  if (existsSync(path)) throw new Error(`${path} already exists.\nWill not overwrite it.`)
  writeFileSync(path, EXAMPLE, { flag: 'wx' })
}

/** @throws Error with every fault */
export async function configParse(
  file: string | undefined,
  { conf, prefix }: PlaceOptions,
): Promise<void> {
  if (file === undefined) {
    throw new Error('expected a declarative configuration file; see `kong config --help`')
  }
  const settings = loadSettings(process.env, { conf, flags: prefixFlag(prefix) })
  const plugins = await loadRegistry(settings)
  try {
    checkConfig(await readConfigText(file), file, plugins, settings)
  } catch (error) {
    throw new Error(`Failed parsing:\n${describeError(error)}`, { cause: error })
  }
  await print(process.stdout, 'parse successful')
}

/** @throws Error, always, in Kong's words */
export function configDatabase(command: 'db_import' | 'db_export'): never {
  const only = `'kong config ${command}' only works with a database.`
  if (command === 'db_export') throw new Error(only)
  throw new Error(
    `${only}\nWhen using database=off, reload your declarative configuration\nusing the /config endpoint.`,
  )
}
