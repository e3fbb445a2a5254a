// The tests of one engine: a real gateway, all cases side by side, a verdict on each.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { CLASSES } from './cases/index.js'
import { entriesOf, type EngineName } from './plays.js'
import { playAll, type Record } from './runner.js'
import { startStrictTarget, type StrictTarget } from './target.js'
import { judge } from './verdict.js'

/** @param patienceMs how long an answer, or the end of a connection, may take */
export function describeSmuggling(engine: EngineName, patienceMs: number): void {
  describe(`requests that parsers read differently, on ${engine}`, () => {
    const classes = entriesOf(CLASSES, engine)
    let target: StrictTarget
    let gateway: RunningGateway
    let record: Record
    before(async () => {
      target = await startStrictTarget()
      gateway = await startGateway({
        config: configFor(target.port),
        env: { GW_ENGINE: engine },
      })
      const plays = classes.flatMap(({ entries }) => entries).flatMap((entry) => entry.plays)
      record = await playAll(plays, gateway.proxyPort, target, patienceMs)
    })
    after(async () => {
      await gateway.stop()
      await target.close()
    })

    for (const { name, entries } of classes) {
      describe(name, () => {
        for (const { what, plays } of entries) {
          it(what, () => {
            for (const play of plays) judge(play, record.seenOf(play))
          })
        }
      })
    }

    it('bring nothing to the target that belongs to none of them', () => {
      assert.deepEqual(record.strays, [])
    })

    it('leave the gateway running', () => {
      assert.ok(gateway.child.isRunning)
    })
  })
}

/** All paths go to the target, but for what comes to a host that is denied. */
function configFor(port: number): object {
  const denied = { name: 'request-termination', config: { status_code: 403 } }
  return {
    _format_version: '3.0',
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${port}`,
        routes: [
          { name: 'all', paths: ['/'] },
          { name: 'denied', hosts: ['denied.test'], plugins: [denied] },
        ],
      },
    ],
  }
}
