// nginx's directives about the header lines of clients, on both engines.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { RawClient } from '../../support/raw-client.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

const LINES = 'X-Plain: 1\r\nx_under: 1\r\nX.Dot: 1\r\nX!: 1\r\nX-Last: 1\r\n'

let target: RecordingTarget
before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())

for (const engine of ['uws', 'http1']) {
  for (const [what, env, expected] of [
    ['that nginx takes for invalid are dropped', {}, ['x-last', 'x-plain', 'x_under']],
    [
      'with an underscore, too, with underscores_in_headers off',
      { KONG_NGINX_PROXY_UNDERSCORES_IN_HEADERS: 'off' },
      ['x-last', 'x-plain'],
    ],
    [
      'all go on with ignore_invalid_headers off',
      {
        KONG_NGINX_PROXY_IGNORE_INVALID_HEADERS: 'off',
        KONG_NGINX_HTTP_UNDERSCORES_IN_HEADERS: 'off',
      },
      ['x!', 'x-last', 'x-plain', 'x.dot', 'x_under'],
    ],
  ] as const) {
    it(`names of header lines ${what}, on ${engine}`, async () => {
      const gateway = await startGateway({
        config: oneRoute(target.port),
        env: { GW_ENGINE: engine, ...env },
      })
      const client = await RawClient.open(gateway.proxyPort)
      try {
        await client.ask(`GET / HTTP/1.1\r\nHost: a\r\n${LINES}\r\n`)
        const names = target.requests
          .at(-1)
          ?.headers.map(([name]) => name.toLowerCase())
          .filter((name) => LINES.toLowerCase().includes(`${name}: `))
        assert.deepEqual(names?.toSorted(), expected)
      } finally {
        client.destroy()
        await gateway.stop()
      }
    })
  }

  describe(`a first header buffer that is larger than the others, on ${engine}`, () => {
    let gateway: RunningGateway
    before(async () => {
      gateway = await startGateway({
        config: oneRoute(target.port),
        env: {
          GW_ENGINE: engine,
          KONG_NGINX_HTTP_CLIENT_HEADER_BUFFER_SIZE: '4k',
          KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '2 1k',
        },
      })
    })
    after(() => gateway.stop())

    for (const [what, line, status] of [
      ['takes a line that fits', 3000, 200],
      ['takes no longer one', 5000, 400],
    ] as const) {
      it(what, async () => {
        const client = await RawClient.open(gateway.proxyPort)
        const answer = await client.ask(
          `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(line)}\r\n\r\n`,
        )
        client.destroy()
        assert.equal(answer.status, status)
      })
    }
  })
}
