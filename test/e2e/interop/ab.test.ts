// ApacheBench in front of the gateway: HTTP/1.0, with and without keep-alive.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import type { RunningGateway } from '../../support/gateway.js'
import { Servers, startHttp1Gateway, startInteropTarget } from './setup.js'

describe('ab', () => {
  let gateway: RunningGateway
  const folder = mkdtempSync(join(tmpdir(), 'gw-ab-'))
  const servers = new Servers()
  before(async () => {
    const target = await servers.start(startInteropTarget())
    gateway = await servers.start(startHttp1Gateway(target))
  })
  after(() => rmSync(folder, { recursive: true }))

  /** The figures of ab's report by their names; it leaves out those that are zero, but for the failed ones. */
  async function ab(path: string, ...args: readonly string[]): Promise<Record<string, number>> {
    const url = `http://127.0.0.1:${gateway.proxyPort}${path}`
    const { code, output } = await runToEnd('ab', ['-q', '-s', '10', ...args, url])
    assert.equal(code, 0, output)
    const figures = output.matchAll(/^([A-Z][A-Za-z0-9 -]+):\s+(\d+)(?: bytes)?$/gm)
    return Object.fromEntries([...figures].map(([, name = '', value]) => [name, Number(value)]))
  }

  /** Nothing went wrong: neither an answer's length differed, nor a status was not 2xx, nor a connection broke. */
  function assertAllGood(report: Record<string, number>, requests: number): void {
    assert.equal(report['Complete requests'], requests)
    assert.equal(report['Failed requests'], 0)
    assert.equal(report['Non-2xx responses'], undefined)
    assert.equal(report['Write errors'], undefined)
  }

  it('gets 10,000 good answers on connections of their own', async () => {
    const report = await ab('/', '-n', '10000', '-c', '50')
    assertAllGood(report, 10_000)
    assert.equal(report['Keep-Alive requests'], undefined)
  })

  it('gets 10,000 good answers on connections that it keeps', async () => {
    const report = await ab('/', '-n', '10000', '-c', '50', '-k')
    assertAllGood(report, 10_000)
    assert.equal(report['Keep-Alive requests'], 10_000)
  })

  it('gets good answers to bodies that it sends', async () => {
    const file = join(folder, 'body')
    writeFileSync(file, 'x'.repeat(5_000))
    const body = ['-p', file, '-T', 'text/plain']
    const report = await ab('/echo', '-n', '1000', '-c', '50', '-k', ...body)
    assertAllGood(report, 1_000)
    assert.equal(report['Document Length'], 5_000)
    assert.equal(report['Keep-Alive requests'], 1_000)
  })

  it('gets good answers to HEAD', async () => {
    assertAllGood(await ab('/large', '-n', '1000', '-c', '50', '-k', '-i'), 1_000)
  })

  it('gets good answers whose length is not known before', async () => {
    assertAllGood(await ab('/chunked', '-n', '1000', '-c', '50', '-k'), 1_000)
  })
})
