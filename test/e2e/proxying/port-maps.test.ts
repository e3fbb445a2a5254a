// A gateway whose ports are others than those that clients connect to, on both engines.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { freePorts } from '../../support/ports.js'
import { startRecordingTarget } from '../../support/recording-target.js'

for (const engine of ['uws', 'http1']) {
  it(`tells targets the port that clients use, and routes by it, on ${engine}`, async () => {
    const [mapped = 0, plain = 0] = await freePorts(2)
    const target = await startRecordingTarget()
    const gateway = await startGateway({
      config: {
        _format_version: '3.0',
        services: [
          {
            url: `http://127.0.0.1:${target.port}`,
            routes: [
              { name: 'mapped', expression: 'net.dst.port == 80', priority: 2 },
              { name: 'all', expression: 'http.path ^= "/"', priority: 1 },
            ],
          },
        ],
      },
      env: {
        GW_ENGINE: engine,
        KONG_ROUTER_FLAVOR: 'expressions',
        KONG_ALLOW_DEBUG_HEADER: 'on',
        KONG_PROXY_LISTEN: `127.0.0.1:${mapped}, 127.0.0.1:${plain}`,
        KONG_PORT_MAPS: `80:${mapped}`,
      },
    })
    try {
      for (const [listening, told, route] of [
        [mapped, '80', 'mapped'],
        [plain, String(plain), 'all'],
      ] as const) {
        const answer = await requestOnce(listening, 'GET', '/', { 'Kong-Debug': '1' })
        const request = target.requests.at(-1)
        assert.ok(request)
        assert.equal(header(request, 'x-forwarded-port'), told)
        assert.equal(answer.header('kong-route-name'), route)
      }
    } finally {
      await gateway.stop()
      await target.close()
    }
  })
}
