// Runs a command from the bundle that the build made of its modules, or from the modules themselves.
import { statSync } from 'node:fs'

const BUNDLE = new URL('../../bundle/', import.meta.url)
/** Written whenever something was compiled; no part of the package. */
const COMPILED = new URL('../../.tsbuildinfo', import.meta.url)

/** The bundle is loaded in half the time; but what has been compiled since it was made is what a developer wants to run. */
export async function launch(command: 'gw' | 'kong'): Promise<void> {
  const bundle = new URL(`${command}.js`, BUNDLE)
  const bundledAt = modifiedAt(bundle) ?? -Infinity
  const compiledAt = modifiedAt(COMPILED) ?? 0
  await import(bundledAt >= compiledAt ? bundle.href : `./${command}-command.js`)
}

function modifiedAt(file: URL): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
