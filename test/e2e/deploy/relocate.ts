// Moves an environment off the ports and paths of its container: free ports, and a folder instead of the root.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Certificate } from '../../support/certificates.js'
import { freePorts } from '../../support/ports.js'
import type { Environment } from './environments.js'

export interface Relocated {
  readonly settings: Readonly<Record<string, string>>
  readonly adminPort: number
  readonly statusPort: number
}

/** Kong's own, for what an environment leaves out: these ports are taken on a machine with several gateways. */
const DEFAULTS = {
  KONG_PROXY_LISTEN:
    '0.0.0.0:8000 reuseport backlog=16384, 0.0.0.0:8443 http2 ssl reuseport backlog=16384',
  KONG_ADMIN_LISTEN:
    '127.0.0.1:8001 reuseport backlog=16384, 127.0.0.1:8444 http2 ssl reuseport backlog=16384',
  KONG_STATUS_LISTEN: '127.0.0.1:8007 reuseport backlog=16384',
  KONG_PREFIX: '/usr/local/kong/',
}

const SMALL_CONFIG = `_format_version: "3.0"
services:
- name: target
  url: http://127.0.0.1:9
  routes:
  - name: all
    paths: [/]
`

const PORT = /(?<=:)\d+(?=[\s,]|$)/g
const PATH_SETTING = /_(?:CONFIG|PREFIX|LOG|FILE|CERT|CERT_KEY|CERTIFICATE)$/

/** Writes the files that the environment names below `root`, which stands for `/`. */
export async function relocate(
  { settings }: Environment,
  root: string,
  { cert, key }: Certificate,
): Promise<Relocated> {
  const all: Record<string, string> = { ...DEFAULTS, ...settings }
  const ports = await newPorts(all)
  const movePort = (port: string): string => ports.get(port) ?? port
  for (const [name, value] of Object.entries(all)) {
    if (name.endsWith('_LISTEN')) all[name] = value.replaceAll(PORT, movePort)
    if (PATH_SETTING.test(name) && isMovable(value)) all[name] = join(root, value)
  }
  write(all.KONG_DECLARATIVE_CONFIG, SMALL_CONFIG)
  write(all.KONG_SSL_CERT, cert)
  write(all.KONG_SSL_CERT_KEY, key)
  write(all.KONG_PG_PASSWORD_FILE, 'a-made-up-password\n')
  mkdirSync(all.KONG_PREFIX ?? root, { recursive: true })
  return {
    settings: all,
    adminPort: firstPort(all.KONG_ADMIN_LISTEN),
    statusPort: firstPort(all.KONG_STATUS_LISTEN),
  }
}

/** A free port for each that is listened on. Two addresses may share one, as they do in the environment. */
async function newPorts(settings: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const old = new Set(
    Object.entries(settings).flatMap(([name, value]) =>
      name.endsWith('_LISTEN') ? (value.match(PORT) ?? []) : [],
    ),
  )
  const free = await freePorts(old.size)
  return new Map([...old].map((port, i) => [port, String(free[i] ?? 0)]))
}

/** Paths but devices; some write `./usr` for `/usr`, since a container's folder is the root. */
function isMovable(value: string): boolean {
  return /^\.?\//.test(value) && !value.startsWith('/dev/')
}

function write(file: string | undefined, text: string): void {
  if (file === undefined) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function firstPort(listen = ''): number {
  return Number(listen.match(PORT)?.[0])
}
