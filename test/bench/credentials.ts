// What a file with very many consumers costs: the time of `gw validate`, the time from start to ready, and what it takes
// to find a credential among all of them.
//
//   node dist/test/bench/credentials.js [--count 100000] [--times 3]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundledPlugins } from '../../plugins/index.js'
import { loadConfig } from '../../src/config/index.js'
import { PluginRegistry } from '../../src/plugin/registry.js'
import { keyOf, manyConsumers, type CredentialKind } from '../support/big-config.js'
import { runToEnd } from '../support/child.js'
import { isReady, launch } from '../support/gateway.js'
import { gwCommand } from '../support/root.js'
import { waitFor } from '../support/wait.js'
import { residentBytes } from './cpu.js'
import { median } from './stats.js'

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    times: { type: 'string', default: '3' },
  },
})
const count = Number(options.count)
const times = Number(options.times)

const TARGET_MS = 3_000
const LOOK_UPS = 1_000_000
const URL = 'http://127.0.0.1:9'

for (const kind of ['key-auth', 'jwt'] as const) {
  const validate = await validateMs(kind)
  const { readyMs, megabytes } = await startOf(kind)
  console.log(
    `${count} consumers with ${kind} credentials: gw validate ${validate.toFixed(0)} ms, ` +
      `ready after ${readyMs.toFixed(0)} ms (medians of ${times}; target < ${TARGET_MS}), ` +
      `then ${megabytes.toFixed(0)} MB`,
  )
}
const [few, many] = [lookUpNs(10), lookUpNs(count)]
console.log(
  `finding one of 10 keys takes ${few.toFixed(0)} ns, one of ${count} takes ${many.toFixed(0)} ns`,
)

async function validateMs(kind: CredentialKind): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gw-bench-'))
  const file = join(folder, 'kong.yml')
  writeFileSync(file, manyConsumers(count, kind, URL))
  try {
    const taken: number[] = []
    for (let i = 0; i < times; i++) {
      const start = performance.now()
      const { code, output } = await runToEnd(process.execPath, [gwCommand, 'validate', file])
      if (code !== 0) throw new Error(output)
      taken.push(performance.now() - start)
    }
    return median(taken)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function startOf(kind: CredentialKind): Promise<{ readyMs: number; megabytes: number }> {
  const config = manyConsumers(count, kind, URL)
  const taken: number[] = []
  let bytes = Number.NaN
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    const gateway = await launch({ config })
    try {
      await waitFor('/status/ready', () => isReady(gateway.statusPort), 60_000)
      taken.push(performance.now() - start)
      bytes = residentBytes(gateway.child.pid)
    } finally {
      await gateway.stop()
    }
  }
  return { readyMs: median(taken), megabytes: bytes / 2 ** 20 }
}

/** In no order that a cache of the processor could learn. */
function lookUpNs(keys: number): number {
  const plugins = new PluginRegistry(bundledPlugins)
  const text = manyConsumers(keys, 'key-auth', URL)
  const { snapshot } = loadConfig({ text, file: 'kong.yml' }, { plugins, now: Date.now })
  // As they come from a socket: texts that no map has seen.
  const sent = Array.from({ length: LOOK_UPS }, (_, i) => keyOf((i * 7_919) % keys))
  const { user: before } = process.cpuUsage()
  let found = 0
  for (const key of sent) {
    if (snapshot.credential('keyauth_credentials', key) !== undefined) found++
  }
  const { user } = process.cpuUsage()
  if (found !== LOOK_UPS) throw new Error(`only ${found} of ${LOOK_UPS} keys were found`)
  return ((user - before) * 1_000) / LOOK_UPS
}
