// One port on [::] and 0.0.0.0, as people write it who want both: for nginx these are two sockets.
import assert from 'node:assert/strict'
import { get } from 'node:http'
import { describe, it } from 'node:test'
import { startGateway } from '../support/gateway.js'
import { freePorts } from '../support/ports.js'
import { waitFor } from '../support/wait.js'

const CONFIG = { _format_version: '3.0', routes: [{ paths: ['/'] }] }

function statusOf(host: string, port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host, port, path, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
}

describe('a listener on [::] beside one on 0.0.0.0', () => {
  it('shares the port with it, for requests and for the Admin API', async () => {
    const [proxy = 0, admin = 0] = await freePorts(2)
    const both = (port: number): string => `[::]:${port}, 0.0.0.0:${port}`
    const gateway = await startGateway({
      config: CONFIG,
      env: {
        GW_ENGINE: 'http1',
        KONG_PROXY_LISTEN: both(proxy),
        KONG_ADMIN_LISTEN: both(admin),
      },
    })
    try {
      await waitFor('the listeners', () => gateway.log.split('proxy is listening').length === 3)
      for (const host of ['127.0.0.1', '::1']) {
        assert.equal(await statusOf(host, proxy, '/'), 503) // a route without a service
        assert.equal(await statusOf(host, admin, '/status'), 200)
      }
    } finally {
      await gateway.stop()
    }
  })
})
