// The two nginx of a measurement: the target, and the proxy that the gateway is compared with. Each has its own folder,
// configuration and port, and is stopped by its own process id.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requestOnce } from '../support/http-client.js'
import { Child } from '../support/child.js'
import { freePort } from '../support/ports.js'
import { projectRoot } from '../support/root.js'
import { waitFor } from '../support/wait.js'
import { openFilesLimit } from './limits.js'
import { pinned, type Role } from './pinning.js'

export interface RunningServer {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** 99 bytes of JSON, as in the project's design figures. */
export const smallBody = `{"id":"7f3c","name":"conformance","items":[1,2,3,4,5,6,7,8,9],"text":"${'x'.repeat(27)}"}`
export const largeBody = 'x'.repeat(10_240)

/** `/` answers the small body, `/large` 10 KB. */
export function startTarget(): Promise<RunningServer> {
  return startNginx(
    'load',
    (port, folder) => `
    server {
      listen 127.0.0.1:${port} backlog=1024;
      default_type application/json;
      location / { return 200 '${smallBody}'; }
      location /large { root ${folder}; open_file_cache max=1; sendfile on; }
    }`,
  )
}

/** What nginx is asked to do: `plain` is the least a proxy can do, `same` tells both ends what a gateway tells them. */
export type ProxyDuty = 'same' | 'plain'

const SAME_HEADERS = `
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $host;
        proxy_set_header X-Forwarded-Port $server_port;
        proxy_set_header X-Forwarded-Path $uri;
        proxy_set_header X-Request-Id $request_id;
        proxy_set_header Via "1.1 nginx";
        add_header Via "1.1 nginx";
        add_header X-Upstream-Latency $upstream_header_time;
        add_header X-Request-Id $request_id;`

/** proxy_pass with keep-alive connections to the target. */
export function startProxy(
  targetPort: number,
  duty: ProxyDuty,
  isSecure = false,
): Promise<RunningServer> {
  const tls = `
      ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile}; ssl_protocols TLSv1.3;`
  return startNginx(
    'measured',
    (port) => `
    upstream target { server 127.0.0.1:${targetPort}; keepalive 256; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port}${isSecure ? ' ssl' : ''} backlog=4096;${isSecure ? tls : ''}
      location / {
        proxy_pass http://target;
        proxy_http_version 1.1;
        proxy_set_header Connection "";${duty === 'same' ? SAME_HEADERS : ''}
      }
    }`,
  )
}

/** What every server of a measurement over TLS shows: ECDSA on P-256. */
export const certificate = {
  certFile: join(projectRoot, 'test/support/tls/server.crt'),
  keyFile: join(projectRoot, 'test/support/tls/server.key'),
}

async function startNginx(
  role: Role,
  servers: (port: number, folder: string) => string,
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gw-bench-nginx-'))
  // nginx's worker may run as another user.
  chmodSync(folder, 0o755)
  const port = await freePort()
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, name))
  // A body of this length may not stand in the configuration itself.
  writeFileSync(join(folder, 'large'), largeBody)
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, servers(port, folder)))
  const [program = '', ...args] = pinned(role, ['nginx', '-p', folder, '-c', file])
  const child = new Child(program, args, { PATH: `${process.env.PATH ?? ''}:/usr/sbin` })
  const stop = async (): Promise<void> => {
    await child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await waitFor('nginx', async () => !child.isRunning || (await answers(port)))
    if (!child.isRunning) throw new Error(`nginx ended: ${child.output}`)
    return { pid: child.pid, port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Of a worker. It has twice as many connections, as it closes idle ones when less than a sixteenth is free. */
const MAX_FILES = openFilesLimit()

function configuration(folder: string, servers: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name === 'client_body' ? 'body' : name)};`)
    .join(' ')
  // In the foreground, so that it is this process's child and ends with it.
  return `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr error;
  worker_rlimit_nofile ${MAX_FILES}; events { worker_connections ${2 * MAX_FILES}; }
  http { access_log off; ${paths} keepalive_requests 1000000000; ${servers} }
  `
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await requestOnce(port, 'GET', '/')).status > 0
  } catch {
    return false // refused: not listening yet
  }
}
