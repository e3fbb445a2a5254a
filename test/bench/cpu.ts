// How much processor time a process and its children have used, from the scheduler's own accounting.
import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds on a core so far: every thread of the process and of its descendants. */
export function cpuTimeNs(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + ownTimeNs(one), 0)
}

/** Resident memory of the process and its descendants, in bytes. */
export function residentBytes(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + ownResidentBytes(one), 0)
}

function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean),
  )
  return [pid, ...children.flatMap((child) => processTree(Number(child)))]
}

function ownTimeNs(pid: number): number {
  // /proc/PID/schedstat is the main thread alone, in nanoseconds; stat would cover all, but in steps of 10 ms.
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [onCpu = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')
    return sum + Number(onCpu)
  }, 0)
}

function ownResidentBytes(pid: number): number {
  const [, kilobytes = '0'] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1_024
}
