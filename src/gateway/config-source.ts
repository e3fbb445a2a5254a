// What a gateway runs: a declarative file, a text, or nothing yet. Which one it is when nobody names a file.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export type ConfigSource =
  | { readonly kind: 'file'; readonly path: string }
  /** JSON or YAML, with a name for messages. */
  | { readonly kind: 'text'; readonly text: string; readonly name: string }
  /** A gateway that waits for its configuration: 404 everywhere, and never ready. */
  | { readonly kind: 'empty' }

/** Where files are mounted in containers. PREFIX/kong.yml and PREFIX/declarative/kong.yml come last. */
const USUAL_PATHS = [
  '/etc/kong/kong.yml',
  '/etc/kong/kong.yaml',
  '/kong/declarative/kong.yml',
  '/kong/declarative/kong.yaml',
  '/usr/local/kong/declarative/kong.yml',
  '/usr/local/kong/declarative/kong.yaml',
  '/kong/kong.yml',
  '/opt/kong/kong.yml',
  '/opt/kong/kong.yaml',
  '/var/lib/kong/kong.yml',
] as const

export interface FoundConfig {
  readonly source: ConfigSource
  /** Where nobody named a file: the places that were looked at. */
  readonly looked: readonly string[]
}

export interface WantedConfig {
  readonly declarativeConfig: string | undefined
  readonly declarativeConfigString: string | undefined
  readonly prefix: string
}

/** @param file named on the command line */
export function findConfig(
  file: string | undefined,
  { declarativeConfig, declarativeConfigString, prefix }: WantedConfig,
  exists: (path: string) => boolean = existsSync,
): FoundConfig {
  const path = file ?? declarativeConfig
  if (path !== undefined) return { source: { kind: 'file', path }, looked: [] }
  if (declarativeConfigString !== undefined) {
    const name = 'KONG_DECLARATIVE_CONFIG_STRING'
    return { source: { kind: 'text', text: declarativeConfigString, name }, looked: [] }
  }
  const own = ['kong.yml', 'kong.yaml'].map((name) => resolve(prefix, name))
  const looked = [...new Set([...USUAL_PATHS, ...own])]
  const found = looked.find(exists)
  const source: ConfigSource =
    found === undefined ? { kind: 'empty' } : { kind: 'file', path: found }
  return { source, looked }
}
