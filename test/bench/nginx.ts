// The two nginx of a measurement: the target, and the proxy that the gateway is compared with.
import { startNginx, type RunningServer } from '../support/nginx.js'
import { certificateFiles } from './certificate.js'
import { openFilesLimit } from './limits.js'
import { pinned } from './pinning.js'

/** nginx closes idle connections when less than a sixteenth of all is free, so it gets twice as many as it can open. */
const CONNECTIONS = 2 * openFilesLimit()
const UNCOUNTED = 'keepalive_requests 1000000000;'

/** 99 bytes of JSON, as in the project's design figures. */
export const smallBody = `{"id":"7f3c","name":"conformance","items":[1,2,3,4,5,6,7,8,9],"text":"${'x'.repeat(27)}"}`
export const largeBody = 'x'.repeat(10_240)

/** Where the one target can be reached, for a balancer to choose from. */
export const TARGET_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3']

/** `/` answers the small body, `/large` 10 KB. */
export function startTarget(): Promise<RunningServer> {
  return startNginx({
    connections: CONNECTIONS,
    wrap: (command) => pinned('load', command),
    // A body of this length may not stand in the configuration itself.
    files: { large: largeBody },
    http: (port, folder) => `
    ${UNCOUNTED}
    server {
      ${TARGET_ADDRESSES.map((ip) => `listen ${ip}:${port} backlog=1024;`).join('\n      ')}
      default_type application/json;
      location / { return 200 '${smallBody}'; }
      location /large { root ${folder}; open_file_cache max=1; sendfile on; }
    }`,
  })
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
  return startNginx({
    connections: CONNECTIONS,
    wrap: (command) => pinned('measured', command),
    http: (port) => `
    ${UNCOUNTED}
    upstream target { server 127.0.0.1:${targetPort}; keepalive 256; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port}${isSecure ? ' ssl' : ''} backlog=4096;${isSecure ? tls() : ''}
      location / {
        proxy_pass http://target;
        proxy_http_version 1.1;
        proxy_set_header Connection "";${duty === 'same' ? SAME_HEADERS : ''}
      }
    }`,
  })
}

function tls(): string {
  const { certFile, keyFile } = certificateFiles()
  return `
      ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; ssl_protocols TLSv1.3;`
}
