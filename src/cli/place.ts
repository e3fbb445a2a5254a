// Which gateway a command means.
import { existsSync } from 'node:fs'
import { findConf } from '../gateway/conf-file.js'
import { findRunning, type RunningGateway } from '../gateway/running.js'
import { collectSettings, type FlagSetting } from '../gateway/setting-sources.js'
import type { Style } from './style.js'

export interface PlaceOptions {
  readonly conf?: string
  readonly prefix?: string
}

export function prefixFlag(prefix: string | undefined): readonly FlagSetting[] {
  return prefix === undefined ? [] : [{ flag: '--prefix', name: 'prefix', value: prefix }]
}

type Place = ReturnType<typeof findRunning>

/** Where the gateway is, or would be. */
export function locate({ conf, prefix }: PlaceOptions): Place {
  const given = collectSettings({
    environment: process.env,
    conf: findConf(conf),
    flags: prefixFlag(prefix),
  })
  return findRunning(given, process.env)
}

/** @throws Error, as Kong, for a prefix that is not there */
export function findPlace(options: PlaceOptions): Place {
  const place = locate(options)
  if (!existsSync(place.prefix)) throw new Error(`no such prefix: ${place.prefix}`)
  return place
}

/** @throws Error when none runs there */
export function findGateway(options: PlaceOptions, style: Style): RunningGateway {
  const { prefix, running } = findPlace(options)
  if (running === null) throw new Error(style.notRunning(prefix))
  return running
}
