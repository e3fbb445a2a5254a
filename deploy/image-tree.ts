// What an image holds of the dependencies, and its commands: uws-pack brings 24 binaries of 5 to 7 MB, of which one
// machine loads one. The Dockerfile runs it: node dist/deploy/image-tree.js PACKAGE [--arch ARCH] [--bin FOLDER]
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface Machine {
  readonly platform: string
  readonly arch: string
  /** Node's ABI, process.versions.modules: a binary fits one only. */
  readonly abi: string
}

/** How Docker's TARGETARCH says what Node's process.arch says. */
const NODE_ARCH: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64' }

const BINARIES = 'node_modules/uWebSockets.js/dist/bin'

/**
 * Removes the engine's binaries of all other machines.
 * @returns what was removed, in bytes
 * @throws Error when there is none for this machine; nothing is removed then
 */
export function keepOneBinary(packageFolder: string, { platform, arch, abi }: Machine): number {
  const folder = join(packageFolder, BINARIES)
  const wanted = `uws_${platform}_${arch}_${abi}.node`
  const binaries = readdirSync(folder).filter((name) => name.endsWith('.node'))
  if (!binaries.includes(wanted)) {
    throw new Error(
      `uWebSockets.js has no binary for ${platform} ${arch} with Node's ABI ${abi} (${wanted}); ` +
        `there are ${binaries.toSorted().join(', ')}`,
    )
  }
  let removed = 0
  for (const name of binaries) {
    if (name === wanted) continue
    const file = join(folder, name)
    removed += statSync(file).size
    rmSync(file)
  }
  return removed
}

/** Puts links to the commands of package.json (gw, kong) into a folder of PATH. @returns their names */
export function linkCommands(packageFolder: string, binFolder: string): string[] {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  const { bin } = JSON.parse(text) as { bin: Readonly<Record<string, string>> }
  mkdirSync(binFolder, { recursive: true })
  for (const [name, path] of Object.entries(bin)) {
    const target = resolve(packageFolder, path)
    chmodSync(target, 0o755) // the compiler leaves this to npm
    symlinkSync(target, join(binFolder, name))
  }
  return Object.keys(bin)
}

/** What the command line and Docker's build arguments say; an empty --arch stands for this machine's. */
function main(args: readonly string[]): void {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { arch: { type: 'string', default: '' }, bin: { type: 'string' } },
  })
  const [folder] = positionals
  if (folder === undefined) throw new Error('which folder? image-tree.js PACKAGE [--arch] [--bin]')
  const arch = values.arch === '' ? process.arch : (NODE_ARCH[values.arch] ?? values.arch)
  const abi = process.versions.modules
  const removed = keepOneBinary(folder, { platform: 'linux', arch, abi })
  console.log(`kept the engine for linux ${arch}, ABI ${abi}; removed ${removed} bytes`)
  if (values.bin !== undefined) {
    console.log(`linked ${linkCommands(folder, values.bin).join(', ')} into ${values.bin}`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
