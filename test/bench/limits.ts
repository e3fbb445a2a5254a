// How many files a process may have open here.
import { readFileSync } from 'node:fs'

/** The hard limit. Node raises its own soft limit to it when it starts. */
export function openFilesLimit(): number {
  const [, hard = ''] =
    /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
  const limit = Number(hard)
  // `unlimited` is bounded by the kernel's own default for one process.
  return Number.isInteger(limit) ? limit : 1_048_576
}
