// Redis on several servers: spread over a Cluster, or a master that Sentinel finds.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { makeFolder, type Folder } from '../../support/folder.js'
import type { RunningGateway } from '../../support/gateway.js'
import { ask, askOften, startLimited } from '../../support/limited.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { command, startRedis, startSentinel, type RunningRedis } from '../../support/redis.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
let folder: Folder
let gateway: RunningGateway
let servers: RunningRedis[] = []

before(async () => {
  target = await startRecordingTarget()
  folder = makeFolder()
})
after(async () => {
  folder.remove()
  await target.close()
})
afterEach(async () => {
  await gateway.stop()
  await Promise.all(servers.map((server) => server.stop()))
  servers = []
})

async function serve(args: readonly string[] = [], port?: number): Promise<RunningRedis> {
  const server = await startRedis(args, port)
  servers.push(server)
  return server
}

interface ClusterNode extends RunningRedis {
  readonly busPort: number
}

async function serveNode(name: string): Promise<ClusterNode> {
  // By itself a node takes the port 10,000 above its own, which anybody may have.
  const busPort = await freePort()
  const bus = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
  const file = folder.write(`${name}.conf`, '')
  return { ...(await serve([...bus, '--cluster-config-file', file])), busPort }
}

describe('rate-limiting in a Redis Cluster', () => {
  it('counts each period on the node that has its key', async () => {
    const [one, two] = await Promise.all([serveNode('one'), serveNode('two')])
    await command(one.port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
    await command(two.port, 'CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
    await command(
      one.port,
      ...['CLUSTER', 'MEET', '127.0.0.1', String(two.port), String(two.busPort)],
    )
    for (const { port } of [one, two]) {
      await waitFor(
        'the cluster',
        async () => String(await command(port, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
        20_000,
      )
    }
    const limits = { hour: 2, day: 2, month: 2, year: 2, fault_tolerant: false }
    const redis = { cluster_nodes: [{ ip: '127.0.0.1', port: one.port }] }
    gateway = await startLimited({ target, config: { ...limits, redis } })
    assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
    const sizes = await Promise.all([one, two].map(({ port }) => command(port, 'DBSIZE')))
    assert.equal(
      sizes.map(Number).reduce((sum, size) => sum + size),
      4,
    )
  })
})

describe('rate-limiting in a Redis that Sentinel watches', () => {
  it('goes on with the new master after a failover', async () => {
    const master = await serve()
    const replica = await serve(['--replicaof', `127.0.0.1 ${master.port}`])
    const conf = folder.write(
      'sentinel.conf',
      [
        `sentinel monitor limits 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds limits 500',
        'sentinel failover-timeout limits 2000',
      ].join('\n'),
    )
    const sentinel = await startSentinel(conf)
    servers.push(sentinel)
    await waitFor(
      'the sentinel to know the replica',
      async () => {
        const state = String(await command(sentinel.port, 'SENTINEL', 'MASTER', 'limits'))
        return state.includes('num-slaves,1')
      },
      20_000,
    )
    const nodes = [{ host: '127.0.0.1', port: sentinel.port }]
    const redis = { sentinel_master: 'limits', sentinel_nodes: nodes, timeout: 500 }
    gateway = await startLimited({ target, config: { year: 2, fault_tolerant: false, redis } })
    assert.equal((await ask(gateway)).status, 200)
    await waitFor(
      'the replica to have the count',
      async () => Number(await command(replica.port, 'DBSIZE')) === 1,
    )
    await master.stop()
    let status = 0
    await waitFor(
      'the new master',
      async () => {
        status = (await ask(gateway)).status
        return status !== 500
      },
      30_000,
    )
    // The count has come along: this is the second of two.
    assert.equal(status, 200)
    assert.equal((await ask(gateway)).status, 429)
  })
})
