// gw prepare: makes the prefix, with what a start would put there before it starts.
import { existsSync } from 'node:fs'
import { loadSettings } from '../gateway/load-settings.js'
import { placeOf } from '../gateway/prefix-place.js'
import { preparePrefix, writeSettings } from '../gateway/prefix.js'
import { print } from './output.js'
import { prefixFlag, type PlaceOptions } from './place.js'

/** @throws Error when there is no folder that can be written to */
export async function prepare({ conf, prefix }: PlaceOptions): Promise<void> {
  const settings = loadSettings(process.env, { conf, flags: prefixFlag(prefix) })
  const place = placeOf(settings.prefix)
  if (!existsSync(place.path)) {
    const message = `prefix directory ${place.path} not found, trying to create it`
    await print(process.stdout, message)
  }
  const { path, notice } = preparePrefix(place, process.env)
  if (path === null) throw new Error(`could not prepare a prefix: ${notice ?? ''}`)
  if (notice !== null) await print(process.stderr, notice)
  writeSettings(path, { ...settings.values, prefix: path })
}
