// What plugins ask other servers, over real sockets: small answers in bounded time, from whom the gateway trusts.
import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { once } from 'node:events'
import { afterEach, describe, it } from 'node:test'
import {
  OutboundHttp,
  fetchJson,
  type OutboundAnswer,
  type OutboundRequest,
} from '../../../src/plugin/outbound-http.js'
import { TlsTerms } from '../../../src/proxy/tls-terms.js'
import { makeCertificate } from '../../support/certificates.js'
import { freePort, portOf } from '../../support/ports.js'
import { waitFor } from '../../support/wait.js'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return portOf(server)
}

const serve = (answer: RequestListener): Promise<number> => listening(createServer(answer))

function outbound(authorities: () => readonly string[] = () => []): OutboundHttp {
  const trust = { verify: true, depth: 1, client: null }
  const http = new OutboundHttp(() => new TlsTerms({ ...trust, authorities: authorities() }))
  closers.push(() => http.close())
  return http
}

const requestTo = (url: string, fields: Partial<OutboundRequest> = {}): OutboundRequest => ({
  ...{ method: 'GET', url: new URL(url), headers: {}, timeoutMs: 10_000, maxBytes: 1000 },
  ...{ verify: true, idleMs: 0, ...fields },
})

const ask = (url: string, fields?: Partial<OutboundRequest>): Promise<OutboundAnswer> =>
  outbound().fetch(requestTo(url, fields))

describe('a request of a plugin to another server', () => {
  it('sends path, query, headers and body, and gives status and body', async () => {
    const seen: unknown[] = []
    const port = await serve((request, response) => {
      const { method, url, headers } = request
      seen.push([method, url, headers.accept, headers['content-length'], headers.authorization])
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
      request.on('end', () => response.writeHead(418).end('short'))
    })
    const { status, body } = await ask(`http://user:pass@127.0.0.1:${port}/a/b?c=d`, {
      ...{ method: 'POST', headers: { Accept: 'x/y' }, body: 'é' },
    })
    assert.deepEqual([status, body.toString()], [418, 'short'])
    assert.deepEqual(seen, [['POST', '/a/b?c=d', 'x/y', '2', undefined], 'é'])
  })

  it('follows no redirect', async () => {
    let requests = 0
    const port = await serve((_, response) => {
      requests++
      response.writeHead(302, { Location: '/elsewhere' }).end()
    })
    assert.equal((await ask(`http://127.0.0.1:${port}/`)).status, 302)
    assert.equal(requests, 1)
    await assert.rejects(fetchJson(outbound().fetch, requestTo(`http://127.0.0.1:${port}/`)), {
      message: `http://127.0.0.1:${port}/: answered with status 302`,
    })
  })

  it('fails with an answer that is too long, cut off or too slow, and when nobody listens', async () => {
    const port = await serve(({ url }, response) => {
      if (url === '/long') response.end('x'.repeat(1001))
      if (url === '/cut') {
        response.writeHead(200, { 'Content-Length': 10 }).write('12345')
        setImmediate(() => response.destroy())
      }
      if (url === '/slow') response.write('1')
    })
    const at = (path: string): string => `http://127.0.0.1:${port}${path}`
    await assert.rejects(ask(at('/long')), /\/long: the answer has more than 1000 bytes$/)
    await assert.rejects(ask(at('/cut')), { name: 'OutboundError' })
    await assert.rejects(ask(at('/slow?secret'), { timeoutMs: 50 }), {
      message: `${at('/slow')}: no whole answer within 50 ms`,
    })
    await assert.rejects(ask(`http://127.0.0.1:${await freePort()}/`), /ECONNREFUSED/)
  })

  it('uses a connection again only where that is wanted', async () => {
    const ports = new Set<unknown>()
    const port = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    for (const idleMs of [0, 60_000]) {
      ports.clear()
      const { fetch } = outbound()
      for (let i = 0; i < 3; i++) await fetch(requestTo(`http://127.0.0.1:${port}/`, { idleMs }))
      assert.equal(ports.size, idleMs === 0 ? 3 : 1)
    }
  })

  it('takes a certificate of an authority that the gateway trusts, and any where none is verified', async () => {
    const { key, cert } = makeCertificate('IP:127.0.0.1')
    const other = makeCertificate('IP:127.0.0.1')
    const wrongName = makeCertificate('DNS:other.test')
    const port = await listening(createTlsServer({ key, cert }, (_, response) => response.end()))
    const misnamed = await listening(createTlsServer(wrongName, (_, response) => response.end()))
    const url = `https://127.0.0.1:${port}/`
    assert.equal((await outbound(() => [cert]).fetch(requestTo(url))).status, 200)
    await assert.rejects(outbound(() => [other.cert]).fetch(requestTo(url)), /self-signed/)
    await assert.rejects(
      outbound(() => [wrongName.cert]).fetch(requestTo(`https://127.0.0.1:${misnamed}/`)),
      /does not match/,
    )
    const careless = outbound(() => assert.fail('nobody asks whom to trust'))
    assert.equal((await careless.fetch(requestTo(url, { verify: false }))).status, 200)
    const unreadable = outbound(() => {
      throw new Error('lua_ssl_trusted_certificate: cannot be read')
    })
    await assert.rejects(unreadable.fetch(requestTo(url)), /lua_ssl_trusted_certificate/)
  })

  it('fails at once when 10,000 others are under way', async () => {
    const held: ServerResponse[] = []
    let isOpen = false
    const port = await serve((_, response) => {
      if (isOpen) response.end()
      else held.push(response)
    })
    const { fetch } = outbound()
    const request = requestTo(`http://127.0.0.1:${port}/`, { timeoutMs: 60_000, idleMs: 60_000 })
    const others = Array.from({ length: 10_000 }, () => fetch(request))
    await assert.rejects(fetch(request), { message: /: 10000 requests are under way already$/ })
    // As many as there may be connections; the next ones come when these are answered.
    await waitFor('the first requests', () => held.length === 64)
    isOpen = true
    for (const response of held) response.end()
    assert.ok((await Promise.all(others)).every(({ status }) => status === 200))
    assert.equal((await fetch(request)).status, 200)
  })

  it('takes nothing but a JSON object where one is wanted', async () => {
    const port = await serve(({ url }, response) =>
      response.end(decodeURIComponent(url ?? '').slice(1)),
    )
    const json = (text: string) =>
      fetchJson(outbound().fetch, requestTo(`http://127.0.0.1:${port}/${encodeURIComponent(text)}`))
    assert.deepEqual(await json('{"a":[1]}'), { a: [1] })
    for (const text of ['', '[]', 'null', '"a"', '{"a":}', '<p>']) {
      await assert.rejects(json(text), /the answer is no JSON object$/, text)
    }
  })
})
