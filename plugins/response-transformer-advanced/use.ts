// A use as answers need it: what is to be done for each set of records whose `if_status` takes a status.
import {
  ConfigFault,
  headerSteps,
  jsonSteps,
  UnsupportedFault,
  type ConfigOf,
  type HeaderSteps,
  type JsonSteps,
} from 'gw/plugin'
import { valueRemoval } from './header-values.js'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

const RECORDS = ['remove', 'rename', 'replace', 'add', 'append'] as const

export interface Steps {
  readonly headers: HeaderSteps | null
  readonly json: JsonSteps | null
  /** What the body becomes; null when it stays, or is changed. */
  readonly body: Buffer | null
}

interface StatusRange {
  readonly from: number
  readonly to: number
}

export interface Use {
  /** In the order of RECORDS; an empty list takes every status. */
  readonly ranges: readonly (readonly StatusRange[])[]
  /** By which of the records apply, as bits. */
  readonly steps: ReadonlyMap<number, Steps>
}

const NOTHING: Steps = { headers: null, json: null, body: null }

const FIRST_STATUS = 100
const LAST_STATUS = 999

export function useOf(config: Config): Use {
  const { functions, if_status: when } = config.transform
  rangesOf(when, 'transform')
  if (functions.length > 0) {
    throw new UnsupportedFault(
      'transform.functions',
      'Lua functions do not run here',
      'use remove, replace, add, append and allow, or a plugin of your own',
    )
  }
  const ranges = RECORDS.map((record) => rangesOf(config[record].if_status, record))
  const steps = new Map<number, Steps>()
  for (let status = FIRST_STATUS; status <= LAST_STATUS; status++) {
    const records = recordsFor(ranges, status)
    if (!steps.has(records)) steps.set(records, stepsOf(config, records))
  }
  return { ranges, steps }
}

/** HOT PATH */
export function stepsFor({ ranges, steps }: Use, status: number): Steps {
  return steps.get(recordsFor(ranges, status)) ?? NOTHING
}

function recordsFor(ranges: Use['ranges'], status: number): number {
  let records = 0
  for (let i = 0; i < ranges.length; i++) {
    if (takes(ranges[i] ?? NO_RANGES, status)) records |= 1 << i
  }
  return records
}

const NO_RANGES: readonly StatusRange[] = []

function takes(ranges: readonly StatusRange[], status: number): boolean {
  if (ranges.length === 0) return true
  for (const { from, to } of ranges) if (status >= from && status <= to) return true
  return false
}

function rangesOf(entries: readonly string[], record: string): readonly StatusRange[] {
  return entries.map((entry, i) => {
    const [from = 0, to = from] = entry.split('-').map(Number)
    if (from <= to) return { from, to }
    const field = `${record}.if_status[${String(i)}]`
    throw new ConfigFault(field, `invalid value: ${entry}`, 'the lower status comes first')
  })
}

const NONE = { json: [], json_types: [], headers: [] }

/** What the configuration comes to when only some of its records apply. */
function stepsOf(config: Config, records: number): Steps {
  const applies = (record: (typeof RECORDS)[number]): boolean =>
    (records & (1 << RECORDS.indexOf(record))) !== 0
  const { remove, rename, replace, add, append } = config
  const own = {
    remove: applies('remove') ? remove : NONE,
    // There is no such list of members in Kong.
    rename: { headers: applies('rename') ? rename.headers : [], json: [] },
    replace: applies('replace') ? replace : NONE,
    add: applies('add') ? add : NONE,
    append: applies('append') ? append : NONE,
  }
  return {
    headers: headerSteps(own, valueRemoval),
    json: jsonSteps({ ...own, allow: config.allow, dots_in_keys: config.dots_in_keys }),
    body: replace.body === undefined || !applies('replace') ? null : Buffer.from(replace.body),
  }
}
