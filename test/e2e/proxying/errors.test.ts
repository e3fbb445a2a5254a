// Every error that the gateway makes, in every form that a client may ask for, on both engines.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { freePort } from '../../support/ports.js'
import { RawClient } from '../../support/raw-client.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

type Form = 'json' | 'plain' | 'xml' | 'html' | 'grpc'

const TYPES: Readonly<Record<Form, string>> = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
  grpc: '',
}

const BODIES: Readonly<Record<Form, (message: string, id: string) => string>> = {
  json: (message, id) => `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`,
  plain: (message, id) => `${message}\nrequest_id: ${id}\n`,
  xml: (message, id) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<error>\n  <message>${message}</message>\n  <requestid>${id}</requestid>\n</error>\n`,
  html: (message, id) =>
    `<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8">\n    <title>Error</title>\n  </head>\n  <body>\n    <h1>Error</h1>\n    <p>${message}.</p>\n    <p>request_id: ${id}</p>\n  </body>\n</html>\n`,
  grpc: () => '',
}

/** What the client says of forms, and which it gets from Kong's own code and from nginx there. */
const WISHES: readonly (readonly [what: string, fields: string, kong: Form, nginx: Form])[] = [
  ['JSON', 'Accept: application/json', 'json', 'json'],
  ['HTML', 'Accept: text/html', 'html', 'html'],
  ['XML', 'Accept: application/xml', 'xml', 'xml'],
  ['plain text', 'Accept: text/plain', 'plain', 'plain'],
  ['some text', 'Accept: text/*', 'plain', 'plain'],
  ['gRPC', 'Accept: application/grpc', 'grpc', 'grpc'],
  ['anything', 'Accept: */*', 'json', 'json'],
  ['a picture', 'Accept: image/png', 'json', 'json'],
  ['what it likes best', 'Accept: text/html;q=0.5, application/xml', 'xml', 'xml'],
  ['all but HTML', 'Accept: text/html;q=0, text/plain;q=0.1', 'plain', 'plain'],
  ['nothing, and sends XML', 'Content-Type: application/xml', 'json', 'xml'],
  ['nothing', 'X-Nothing: 1', 'json', 'plain'],
]

const LONG = 'x'.repeat(9000)
const GATEWAY = 'An invalid response was received from the upstream server'

/** Who makes it, its status and message, and a request with `FIELDS` in it. */
const ERRORS: readonly (readonly ['kong' | 'nginx', number, string, string])[] = [
  ['nginx', 400, 'Bad request', 'GET /%00 HTTP/1.1\r\nHost: a\r\nFIELDS\r\n\r\n'],
  [
    'nginx',
    400,
    'Request header or cookie too large',
    `GET / HTTP/1.1\r\nHost: a\r\nFIELDS\r\nX: ${LONG}\r\n\r\n`,
  ],
  ['kong', 404, 'no Route matched with those values', get('/nowhere')],
  ['nginx', 405, 'Method not allowed', 'TRACE / HTTP/1.1\r\nHost: a\r\nFIELDS\r\n\r\n'],
  [
    'nginx',
    408,
    'Request timeout',
    'POST /ok HTTP/1.1\r\nHost: a\r\nFIELDS\r\nContent-Length: 3\r\n\r\na',
  ],
  [
    'nginx',
    413,
    'Payload too large',
    'POST /ok HTTP/1.1\r\nHost: a\r\nFIELDS\r\nContent-Length: 2000\r\n\r\n',
  ],
  ['kong', 415, 'Non-gRPC request matched gRPC route', get('/grpc')],
  ['kong', 426, 'Please use HTTPS protocol', get('/secure')],
  ['nginx', 502, GATEWAY, get('/refused')],
  ['nginx', 502, GATEWAY, get('/broken')],
  ['kong', 503, 'no Service found with those values', get('/lonely')],
  ['kong', 503, 'name resolution failed', get('/nameless')],
  ['nginx', 504, 'The upstream server is timing out', get('/silent')],
]

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\nFIELDS\r\n\r\n`
}

for (const engine of ['uws', 'http1']) {
  describe(`errors on ${engine}`, () => {
    let target: RecordingTarget
    let gateway: RunningGateway
    before(async () => {
      target = await startRecordingTarget((socket, { path }) => {
        if (path === '/broken') socket.end('nonsense\r\n\r\n')
      })
      const url = `http://127.0.0.1:${target.port}`
      const service = (name: string, to: string) => ({
        name,
        url: to,
        retries: 0,
        read_timeout: 100,
        routes: [{ name, paths: [`/${name}`], strip_path: false }],
      })
      gateway = await startGateway({
        config: {
          _format_version: '3.0',
          services: [
            service('ok', url),
            service('broken', url),
            service('silent', url),
            service('refused', `http://127.0.0.1:${await freePort()}`),
            service('nameless', 'http://no-such-name.invalid'),
            {
              ...service('secure', url),
              routes: [{ name: 'secure', paths: ['/secure'], protocols: ['https'] }],
            },
            {
              name: 'grpc',
              url: `grpc://127.0.0.1:${target.port}`,
              routes: [{ name: 'grpc', paths: ['/grpc'], protocols: ['grpc'] }],
            },
          ],
          routes: [{ name: 'lonely', paths: ['/lonely'] }],
        },
        env: {
          GW_ENGINE: engine,
          KONG_HEADERS: 'X-Kong-Request-Id, X-Kong-Upstream-Status',
          KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE: '1k',
          KONG_NGINX_HTTP_CLIENT_BODY_TIMEOUT: '100ms',
        },
      })
    })
    after(async () => {
      await gateway.stop()
      await target.close()
    })

    for (const [maker, status, message, bytes] of ERRORS) {
      it(`${status} ${message} (${bytes.split(' ')[1]})`, async () => {
        await Promise.all(
          WISHES.map(async ([what, fields, kong, nginx]) => {
            const client = await RawClient.open(gateway.proxyPort)
            const answer = await client.ask(bytes.replace('FIELDS', fields))
            client.destroy()
            const form = maker === 'kong' ? kong : nginx
            const id = answer.headers['x-kong-request-id'] ?? ''
            assert.match(id, /^[0-9a-f]{32}$/, what)
            assert.equal(answer.status, status, what)
            assert.equal(answer.headers['content-type'] ?? '', TYPES[form], what)
            assert.equal(answer.body.toString(), BODIES[form](message, id), what)
          }),
        )
      })
    }

    for (const [path, status] of [
      ['/refused', '502'],
      ['/silent', '504'],
      ['/lonely', undefined],
      ['/nameless', undefined],
    ] as const) {
      it(`name ${status ?? 'nothing'} as the status of the target (${path})`, async () => {
        const client = await RawClient.open(gateway.proxyPort)
        const { headers } = await client.ask(get(path).replace('FIELDS', 'Accept: */*'))
        client.destroy()
        assert.equal(headers['x-kong-upstream-status'], status)
      })
    }
  })
}
