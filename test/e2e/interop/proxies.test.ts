// The gateway behind other proxies as they are set up by default: nginx, which speaks HTTP/1.0 to it, and those that say
// by the PROXY protocol who the client is.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { Child } from '../../support/child.js'
import { HttpClient } from '../../support/http-client.js'
import { accepts, startNginx, type RunningServer } from '../../support/nginx.js'
import { freePort } from '../../support/ports.js'
import { waitFor } from '../../support/wait.js'
import {
  Servers,
  startHttp1Gateway,
  startInteropTarget,
  testExchanges,
  type InteropTarget,
} from './setup.js'

/** Not the one that the proxies themselves come from. */
const CLIENT = '127.0.0.5'

describe('behind nginx with its default proxy_pass', () => {
  let target: InteropTarget
  let nginx: RunningServer
  const servers = new Servers()
  before(async () => {
    target = await servers.start(startInteropTarget())
    const { proxyPort } = await servers.start(startHttp1Gateway(target))
    const http = (port: number): string => `server {
      listen 127.0.0.1:${port};
      location / { proxy_pass http://127.0.0.1:${proxyPort}; }
    }`
    nginx = await servers.start(startNginx({ http }))
  })

  testExchanges(() => nginx.port)

  it('is asked in HTTP/1.0, as Via tells the target', () => {
    assert.match(target.headers.via ?? '', /^1 /)
  })
})

const PROXIES: Readonly<Record<string, (gatewayPort: number) => Promise<RunningServer>>> = {
  'nginx with proxy_protocol on': (gatewayPort) =>
    startNginx({
      stream: (port) => `server {
        listen 127.0.0.1:${port};
        proxy_pass 127.0.0.1:${gatewayPort};
        proxy_protocol on;
      }`,
    }),
  'haproxy with send-proxy': (gatewayPort) => startHaproxy(gatewayPort, 'send-proxy'),
  'haproxy with send-proxy-v2': (gatewayPort) => startHaproxy(gatewayPort, 'send-proxy-v2'),
}

for (const [name, start] of Object.entries(PROXIES)) {
  describe(`behind ${name}`, () => {
    let target: InteropTarget
    let proxy: RunningServer
    const servers = new Servers()
    before(async () => {
      target = await servers.start(startInteropTarget())
      const believing = { KONG_TRUSTED_IPS: '127.0.0.1', KONG_REAL_IP_HEADER: 'proxy_protocol' }
      const starting = startHttp1Gateway(target, 'proxy_protocol', believing)
      const { proxyPort } = await servers.start(starting)
      proxy = await servers.start(start(proxyPort))
    })

    testExchanges(() => proxy.port)

    it('knows the address of the client', async () => {
      const client = await HttpClient.connect(proxy.port, '127.0.0.1', CLIENT)
      assert.equal((await client.request('GET', '/')).status, 200)
      client.close()
      assert.equal(target.headers['x-real-ip'], CLIENT)
    })
  })
}

async function startHaproxy(gatewayPort: number, how: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gw-haproxy-'))
  const port = await freePort()
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  maxconn 100
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
listen front
  bind 127.0.0.1:${port}
  server gateway 127.0.0.1:${gatewayPort} ${how}
`,
  )
  // -db: in the foreground.
  const path = { PATH: `${process.env.PATH ?? ''}:/usr/sbin` }
  const child = new Child('haproxy', ['-db', '-f', file], path)
  const stop = async (): Promise<void> => {
    await child.stop()
    rmSync(folder, { recursive: true })
  }
  await waitFor('haproxy', async () => !child.isRunning || (await accepts(port)))
  if (!child.isRunning) {
    await stop()
    throw new Error(`haproxy ended: ${child.output}`)
  }
  return { pid: child.pid, port, stop }
}
