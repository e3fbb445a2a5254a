// Makes dist/bundle, from which the gateway runs: two thirds of a start went into finding and reading 700 modules. After
// compiling: node dist/deploy/bundle.js
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** Seen from dist/deploy/. */
const project = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(project, 'dist/bundle')

const entryPoints = {
  gw: 'src/cli/gw-command.ts',
  kong: 'src/cli/kong-command.ts',
  // Beside the other two: the supervisor looks for it next to its own module, wherever that is.
  thread: 'src/gateway/worker/thread.ts',
}

/** What no start needs stays in node_modules until it is used, and so does what has binaries. */
const external = ['ajv', 'diff', 'ioredis', 'jiti', 'tinyglobby', 'uWebSockets.js', 'yaml']

const options: BuildOptions = {
  absWorkingDir: project,
  entryPoints,
  outdir: folder,
  bundle: true,
  // What two of them share is one module, as it was: errors, keys of contexts and plugins are told apart by identity.
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external,
  alias: { 'gw/plugin': resolve(project, 'src/plugin/index.ts') },
  // For `node --enable-source-maps`. Names stay as they are, so that stack traces can be read without.
  sourcemap: 'linked',
  sourcesContent: false,
  // Packages in CommonJS ask for Node's own modules.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
}

rmSync(folder, { recursive: true, force: true })
await build(options)
