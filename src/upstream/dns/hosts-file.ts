// The hosts file: names that need no resolver.
import { isIP } from 'node:net'

export interface HostEntry {
  readonly A?: string
  readonly AAAA?: string
}

export type Hosts = ReadonlyMap<string, HostEntry>

/** RFC 6761, 6.3: nobody is ever asked for it. */
const LOCALHOST: HostEntry = { A: '127.0.0.1', AAAA: '::1' }

/** By name in small letters. Of each family the first address of a name counts, as in Kong. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, HostEntry>()
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = line.replace(/#.*/s, '').trim().split(/\s+/)
    const family = isIP(ip)
    if (family === 0) continue
    const entry: HostEntry = family === 4 ? { A: ip } : { AAAA: ip }
    for (const name of names) {
      const key = name.toLowerCase()
      hosts.set(key, { ...entry, ...hosts.get(key) })
    }
  }
  if (!hosts.has('localhost')) hosts.set('localhost', LOCALHOST)
  return hosts
}
