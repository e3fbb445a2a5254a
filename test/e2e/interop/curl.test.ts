// curl as people use it: HTTP/1.0, a proxy's absolute form, Expect.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import type { RunningGateway } from '../../support/gateway.js'
import {
  CHUNKS,
  LARGE,
  Servers,
  startHttp1Gateway,
  startInteropTarget,
  type InteropTarget,
} from './setup.js'

describe('curl', () => {
  let target: InteropTarget
  let gateway: RunningGateway
  const folder = mkdtempSync(join(tmpdir(), 'gw-curl-'))
  const upload = join(folder, 'upload')
  const content = 'upload '.repeat(20_000)
  const servers = new Servers()
  before(async () => {
    writeFileSync(upload, content)
    target = await servers.start(startInteropTarget())
    gateway = await servers.start(startHttp1Gateway(target))
  })
  after(() => rmSync(folder, { recursive: true }))

  const url = (path: string): string => `http://127.0.0.1:${gateway.proxyPort}${path}`

  /** Standard output; a proxy of the environment stays out of it. */
  async function curl(...args: readonly string[]): Promise<string> {
    const own = ['--disable', '--silent', '--show-error', '--max-time', '10', '--noproxy', '']
    const { code, stdout, output } = await runToEnd('curl', [...own, ...args])
    assert.equal(code, 0, output)
    return stdout
  }

  for (const version of ['--http1.0', '--http1.1']) {
    it(`${version} gets a small answer, a large one, and one in pieces`, async () => {
      assert.equal(await curl(version, url('/')), 'hello')
      assert.equal((await curl(version, url('/large'))) === LARGE, true)
      assert.equal(await curl(version, url('/chunked')), CHUNKS.join(''))
    })
    it(`${version} gets the head alone by --head`, async () => {
      const head = await curl(version, '--head', url('/large'))
      assert.match(head, /^HTTP\/1\.1 200 OK\r\n/)
      assert.match(head, new RegExp(`^Content-Length: ${LARGE.length}\r$`, 'm'))
      assert.match(head, /\r\n\r\n$/)
    })
    it(`${version} uploads a file`, async () => {
      const echoed = await curl(version, '--data-binary', `@${upload}`, url('/echo'))
      assert.equal(echoed === content, true)
      assert.equal(target.method, 'POST')
    })
    it(`${version} keeps its connection when it asks for that`, async () => {
      const kept = ['--header', 'Connection: keep-alive', '--write-out', ' %{num_connects}\n']
      const answers = await curl(version, ...kept, url('/'), url('/'), url('/'))
      assert.equal(answers, 'hello 1\nhello 0\nhello 0\n')
    })
  }

  it('uploads in chunks', async () => {
    const chunked = ['--header', 'Transfer-Encoding: chunked', '--data-binary', `@${upload}`]
    assert.equal((await curl(...chunked, url('/echo'))) === content, true)
  })

  it('is told to continue before it sends a body', async () => {
    const expecting = ['--header', 'Expect: 100-continue', '--expect100-timeout', '8']
    const answer = await curl('--include', ...expecting, '--data', 'a body', url('/echo'))
    assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    assert.match(answer, /\r\n\r\na body$/)
  })

  it('uses the gateway as a proxy: the absolute form names path and host', async () => {
    const asProxy = ['--proxy', `http://127.0.0.1:${gateway.proxyPort}`, '--data', 'a body']
    assert.equal(await curl(...asProxy, 'http://shop.example/echo'), 'a body')
    assert.equal(target.headers['x-forwarded-host'], 'shop.example')
    assert.equal(target.headers['x-forwarded-path'], '/echo')
    assert.equal(target.headers['proxy-connection'], undefined)
  })
})
