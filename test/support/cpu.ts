// What work costs on the processor.

/** Time on the processor: what else runs on the machine does not count, this process's other threads do. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
