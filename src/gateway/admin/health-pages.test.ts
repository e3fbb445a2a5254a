import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { FakeAdmin } from '../../../test/support/admin.js'

const [FIRST, SECOND, THIRD] = [0, 1, 2].map((i) => `5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9c0${i}`)
const CHECKS = '{passive: {unhealthy: {http_failures: 1}}}'
const FILE = `
_format_version: "3.0"
upstreams:
- name: checked
  healthchecks: ${CHECKS}
  targets:
  - {id: ${FIRST}, target: "10.0.0.1:80"}
  - {id: ${SECOND}, target: "[::1]:80", weight: 50}
  - {id: ${THIRD}, target: nowhere.test, weight: 7}
- name: unchecked
  targets: [{target: "10.0.0.1:80"}]
- name: aged
  targets:
  - {target: "10.0.0.1:80", created_at: 30}
  - {target: "10.0.0.2:80", created_at: 10}
  - {target: "10.0.0.3:80", created_at: 20}
`

let admin: FakeAdmin
beforeEach(() => {
  admin = new FakeAdmin(FILE)
})

interface Listed {
  readonly data: readonly {
    readonly id: string
    readonly target: string
    readonly health: string
    readonly data: {
      readonly weight: object
      readonly dns: string
      readonly addresses: readonly object[]
    }
  }[]
  readonly next: string | null
  readonly offset?: string
}

async function list(target: string): Promise<Listed> {
  const { status, json } = await admin.ask('GET', target)
  assert.equal(status, 200)
  return json as Listed
}

const put = (path: string) => admin.ask('PUT', `/upstreams/${path}`)

async function healths(upstream: string): Promise<Readonly<Record<string, string>>> {
  const { data } = await list(`/upstreams/${upstream}/health`)
  return Object.fromEntries(data.map(({ target, health }) => [target, health]))
}

describe('the targets of an upstream', () => {
  it('are listed from the newest to the oldest', async () => {
    const { data } = await list('/upstreams/aged/targets')
    assert.deepEqual(
      data.map(({ target }) => target),
      ['10.0.0.1:80', '10.0.0.3:80', '10.0.0.2:80'],
    )
  })

  it('come in pages', async () => {
    for (const page of ['targets', 'health']) {
      const { data, offset, next } = await list(`/upstreams/checked/${page}?size=2`)
      assert.deepEqual(
        data.map(({ id }) => id),
        [THIRD, SECOND],
      )
      assert.equal(offset, '2')
      const rest = await list(next ?? assert.fail('there is more'))
      assert.deepEqual(
        rest.data.map(({ id }) => id),
        [FIRST],
      )
      assert.equal(rest.next, null)
    }
  })

  it('are found below their own upstream, though another one has the same address', async () => {
    const ids = await Promise.all(
      ['checked', 'unchecked', 'aged'].map(async (upstream) => {
        const { json } = await admin.ask('GET', `/upstreams/${upstream}/targets/10.0.0.1:80`)
        return (json as { id: string }).id
      }),
    )
    assert.equal(new Set(ids).size, 3)
  })

  it('are nowhere else', async () => {
    for (const path of [
      '/targets',
      `/targets/${String(FIRST)}`,
      `/targets/${String(FIRST)}/upstream`,
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        assert.equal((await admin.ask(method, path)).status, 404, `${method} ${path}`)
      }
    }
  })
})

describe('the health of targets', () => {
  it('is that of their addresses, each with its share', async () => {
    await put('checked/targets/10.0.0.1:80/unhealthy')
    const { data } = await list('/upstreams/checked/health')
    const [nowhere, six, four] = data.map(({ health, data: own }) => ({ health, ...own }))
    assert.deepEqual(four, {
      health: 'UNHEALTHY',
      host: '10.0.0.1',
      port: 80,
      dns: 'A',
      nodeWeight: 100,
      weight: { total: 100, available: 0, unavailable: 100 },
      addresses: [{ ip: '10.0.0.1', port: 80, weight: 100, health: 'UNHEALTHY' }],
    })
    assert.equal(six?.health, 'HEALTHY')
    assert.equal(six.dns, 'AAAA')
    assert.match(JSON.stringify(six.addresses), /"ip":"\[.*1\]","port":80,"weight":50/)
    assert.deepEqual(nowhere, {
      health: 'DNS_ERROR',
      host: 'nowhere.test',
      port: 8000,
      dns: 'dns server error: 3 name error',
      nodeWeight: 7,
      weight: { total: 0, available: 0, unavailable: 0 },
      addresses: {},
    })
  })

  it('is off without checks', async () => {
    assert.deepEqual(await healths('unchecked'), { '10.0.0.1:80': 'HEALTHCHECKS_OFF' })
  })

  it('is summed up for the balancer', async () => {
    const ask = async () =>
      (await admin.ask('GET', '/upstreams/checked/health?balancer_health=1')).json as {
        data: { health: string; balancer_health: string; details: { weight: object } }
      }
    await put('checked/targets/10.0.0.1:80/unhealthy')
    const { data: before } = await ask()
    assert.deepEqual([before.health, before.balancer_health], ['HEALTHY', 'HEALTHY'])
    assert.deepEqual(before.details.weight, { total: 150, available: 50, unavailable: 100 })
    await put(`checked/targets/${String(SECOND)}/unhealthy`)
    const { data: after } = await ask()
    assert.deepEqual([after.health, after.balancer_health], ['UNHEALTHY', 'UNHEALTHY'])
  })

  it('stays over another configuration, and is another upstream’s affair alone', async () => {
    await put('checked/targets/10.0.0.1:80/unhealthy')
    const other = `{name: other, healthchecks: ${CHECKS}, targets: [{target: "10.0.0.1:80"}]}`
    await admin.load({ text: `${FILE}- ${other}\n`, file: 'kong.yml' })
    assert.equal((await healths('checked'))['10.0.0.1:80'], 'UNHEALTHY')
    assert.equal((await healths('other'))['10.0.0.1:80'], 'HEALTHY')
  })
})

describe('the switches of health', () => {
  it('set a target, or one of its addresses', async () => {
    assert.equal((await put('checked/targets/10.0.0.1:80/unhealthy')).status, 204)
    assert.equal((await healths('checked'))['10.0.0.1:80'], 'UNHEALTHY')
    assert.equal((await put('checked/targets/10.0.0.1:80/10.0.0.1:80/healthy')).status, 204)
    assert.equal((await healths('checked'))['10.0.0.1:80'], 'HEALTHY')
  })

  it('know an address of IPv6 however it is spelled', async () => {
    const path = `checked/targets/${String(SECOND)}/[0:0::1]:80/unhealthy`
    assert.equal((await put(path)).status, 204)
    const { data } = await list('/upstreams/checked/health')
    assert.equal(data.find(({ id }) => id === SECOND)?.health, 'UNHEALTHY')
  })

  it('take an address that is not there for nothing, as Kong does, and say so in the log', async () => {
    for (const address of ['10.0.0.2:80', '10.0.0.1', '10.0.0.1:99999', '-']) {
      const path = `checked/targets/10.0.0.1:80/${address}/unhealthy`
      assert.equal((await put(path)).status, 204)
    }
    assert.equal((await healths('checked'))['10.0.0.1:80'], 'HEALTHY')
    assert.equal(admin.logged.length, 4)
  })

  it('refuse what has no checks, and what is not there', async () => {
    const off = await put('unchecked/targets/10.0.0.1:80/healthy')
    assert.deepEqual(
      [off.status, off.json],
      [400, { message: 'no healthchecker found for unchecked' }],
    )
    for (const path of [
      'none/targets/10.0.0.1:80/healthy',
      'checked/targets/10.0.0.9:80/healthy',
      `unchecked/targets/${String(FIRST)}/healthy`,
    ]) {
      assert.equal((await put(path)).status, 404)
    }
    assert.equal((await admin.ask('GET', '/upstreams/none/health')).status, 404)
  })
})
