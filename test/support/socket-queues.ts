// What the kernel holds of connections between two programs of this machine.
import { readFileSync } from 'node:fs'

/** Ports and queues of one line of /proc/net/tcp, all in hexadecimal (proc_net_tcp in the kernel's documentation). */
const LINE = /^ *\d+: \w+:(\w{4}) \w+:(\w{4}) \w\w (\w{8}):(\w{8}) /

/** Bytes that have been written but not read yet, on all connections to or from one of `ports`. */
export function queuedBytes(ports: readonly number[]): number {
  let bytes = 0
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(file, 'latin1').split('\n')) {
      const found = LINE.exec(line)
      if (found === null) continue
      const [local = 0, remote = 0, sent = 0, received = 0] = found
        .slice(1)
        .map((digits) => Number.parseInt(digits, 16))
      if (ports.includes(local) || ports.includes(remote)) bytes += sent + received
    }
  }
  return bytes
}
