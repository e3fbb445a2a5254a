// Which core a process runs on: what is measured has one to itself, everything else shares the other.
import { cpus } from 'node:os'

/** The core of what is measured, and the core of the load and the target. */
export type Role = 'measured' | 'load'

/** A command line that runs the given one on the core of that role; the same one where there is a single core. */
export function pinned(role: Role, command: readonly string[]): string[] {
  if (cpus().length < 2) return [...command]
  return ['taskset', '-c', role === 'measured' ? '0' : '1', ...command]
}
