// The files of deploy/ agree with the gateway, with one another and with themselves.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { readSettings } from '../../../src/gateway/settings.js'
import { makeFolder } from '../../support/folder.js'
import { runToEnd } from '../../support/child.js'
import { gwCommand, projectRoot } from '../../support/root.js'

const read = (file: string): string => readFileSync(join(projectRoot, 'deploy', file), 'utf8')

const dockerfile = read('Dockerfile')
const imageSettings = Object.fromEntries(
  [...dockerfile.matchAll(/\b(KONG_[A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
)
const exposed = [...(/^EXPOSE (.*)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/\d+/g)].map(Number)

/** Faults of a declarative file, none for one that is right. */
async function faultsOf(config: string): Promise<string> {
  const folder = makeFolder()
  try {
    const file = folder.write('kong.yml', config)
    const { code, output } = await runToEnd(process.execPath, [gwCommand, 'validate', file])
    return code === 0 ? '' : output
  } finally {
    folder.remove()
  }
}

/** Throws for a wrong value. @returns names that mean nothing to the gateway */
function unknownSettings(settings: Readonly<Record<string, string>>): readonly string[] {
  return readSettings(settings).ignored
}

const seconds = (time: string | undefined): number => Number(/^(\d+)s?$/.exec(time ?? '')?.[1])

describe('the Dockerfile', () => {
  it('copies from the project what there is', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
      ([, names = '']) => names.split(' '),
    )
    assert.ok(copied.length > 0)
    assert.deepEqual(
      copied.filter((name) => !existsSync(join(projectRoot, name))),
      [],
    )
  })

  it('sets what the gateway understands, and shows the port of the status page', () => {
    assert.equal(imageSettings.KONG_STATUS_LISTEN, '0.0.0.0:8100')
    assert.deepEqual(unknownSettings(imageSettings), [])
    assert.deepEqual(exposed, [8000, 8443, 8001, 8444, 8100])
  })

  it('runs without root', () => assert.match(dockerfile, /^USER [1-9]\d*$/m))
})

describe('the unit of systemd', () => {
  const entries = [...read('gw.service').matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(
    ([, key = '', value = '']) => ({ key, value }),
  )
  const valuesOf = (key: string): string[] =>
    entries.filter((entry) => entry.key === key).map(({ value }) => value)
  const one = (key: string): string => valuesOf(key).at(-1) ?? ''

  it('sets what the gateway understands', () => {
    const settings = Object.fromEntries(
      valuesOf('Environment').map((entry) => entry.split('=', 2) as [string, string]),
    )
    assert.ok(Object.keys(settings).length > 0)
    assert.deepEqual(unknownSettings(settings), [])
  })

  it('ends the gateway as the image does, and waits longer than it takes', () => {
    const [, signal] = /^STOPSIGNAL (\w+)$/m.exec(dockerfile) ?? []
    assert.equal(one('KillSignal'), signal)
    assert.equal(one('KillMode'), 'mixed')
    assert.ok(seconds(one('TimeoutStopSec')) > 30)
  })

  it('gives the ports below 1024, and no other right of root', () => {
    assert.equal(one('CapabilityBoundingSet'), 'CAP_NET_BIND_SERVICE')
    assert.equal(one('AmbientCapabilities'), 'CAP_NET_BIND_SERVICE')
    assert.equal(one('NoNewPrivileges'), 'yes')
  })

  it('writes where systemd lets it write', () => {
    assert.equal(one('ProtectSystem'), 'strict')
    assert.ok(valuesOf('Environment').includes(`KONG_PREFIX=/run/${one('RuntimeDirectory')}`))
  })
})

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string>>
        readonly ports?: readonly string[]
        readonly volumes?: readonly string[]
        readonly build: { readonly context: string; readonly dockerfile: string }
      }
    >
  >
}

describe('compose.yml', () => {
  const { services } = parse(read('compose.yml'), { merge: true }) as Compose

  it('builds from the Dockerfile, and publishes ports that it exposes', () => {
    const { build, ports = [] } = services.gw ?? assert.fail('no service gw')
    const file = join(projectRoot, 'deploy', build.context, build.dockerfile)
    assert.ok(existsSync(file))
    const inside = ports.map((port) => Number(port.split(':').at(-1)))
    assert.ok(inside.length > 0)
    assert.deepEqual(
      inside.filter((port) => !exposed.includes(port)),
      [],
    )
  })

  it('sets what the gateway understands, and mounts the file that it names', () => {
    const { environment = {}, volumes = [] } = services.gw ?? assert.fail('no service gw')
    assert.deepEqual(unknownSettings({ ...imageSettings, ...environment }), [])
    const [from, to] = volumes[0]?.split(':') ?? []
    assert.equal(environment.KONG_DECLARATIVE_CONFIG, `${to ?? ''}/kong.yml`)
    assert.ok(existsSync(join(projectRoot, 'deploy', from ?? '', 'kong.yml')))
  })

  it('serves a file without faults, whose target is the other service', async () => {
    const config = read('config/kong.yml')
    assert.equal(await faultsOf(config), '')
    const [, host = ''] = /url: http:\/\/(\w+):/.exec(config) ?? []
    assert.ok(host in services, host)
  })
})

interface Labels {
  readonly matchLabels?: Readonly<Record<string, string>>
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly selector: Labels & Readonly<Record<string, unknown>>
    readonly ports?: readonly { readonly targetPort: string }[]
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value: string }[]
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
          readonly readinessProbe: Probe
          readonly livenessProbe: Probe
        }[]
        readonly volumes: readonly {
          readonly name: string
          readonly configMap?: { readonly name: string }
          readonly emptyDir?: object
        }[]
      }
    }
  }
}

describe('the manifests of Kubernetes', () => {
  const manifests = readdirSync(join(projectRoot, 'deploy/kubernetes'))
    .filter((file) => file !== 'kustomization.yaml')
    .map((file) => parse(read(`kubernetes/${file}`)) as Manifest)
  const of = (kind: string): Manifest =>
    manifests.find((manifest) => manifest.kind === kind) ?? assert.fail(`no ${kind}`)
  const template = of('Deployment').spec?.template ?? assert.fail('no template')
  const [container = assert.fail('no container')] = template.spec.containers
  const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))

  it('are all named by the kustomization', () => {
    const { resources } = parse(read('kubernetes/kustomization.yaml')) as { resources: string[] }
    const files = readdirSync(join(projectRoot, 'deploy/kubernetes'))
    assert.deepEqual(['kustomization.yaml', ...resources].toSorted(), files.toSorted())
  })

  it('hold a declarative file without faults, where the gateway looks for it', async () => {
    const map = of('ConfigMap')
    assert.equal(await faultsOf(map.data?.['kong.yml'] ?? ''), '')
    const volume = template.spec.volumes.find(({ configMap }) => configMap !== undefined)
    assert.equal(volume?.configMap?.name, map.metadata.name)
    const mount = container.volumeMounts.find(({ name }) => name === volume.name)
    assert.equal(environment.KONG_DECLARATIVE_CONFIG, `${mount?.mountPath ?? ''}/kong.yml`)
  })

  it('let the gateway write its prefix', () => {
    const mount = container.volumeMounts.find(
      ({ mountPath }) => mountPath === imageSettings.KONG_PREFIX,
    )
    const volume = template.spec.volumes.find(({ name }) => name === mount?.name)
    assert.ok(volume?.emptyDir)
  })

  it('set what the gateway understands', () =>
    assert.deepEqual(unknownSettings({ ...imageSettings, ...environment }), []))

  it('give the end longer than draining and the last requests take', () => {
    const drain = seconds(environment.GW_DRAIN_DELAY)
    const shutdown = seconds(environment.KONG_NGINX_MAIN_WORKER_SHUTDOWN_TIMEOUT)
    assert.ok(template.spec.terminationGracePeriodSeconds > drain + shutdown)
  })

  it('ask the status listener whether the pod is ready and alive', () => {
    const status = container.ports.find(({ name }) => name === 'status')
    assert.equal(
      imageSettings.KONG_STATUS_LISTEN?.split(':').at(-1),
      `${status?.containerPort ?? ''}`,
    )
    assert.deepEqual(container.readinessProbe.httpGet, { path: '/status/ready', port: 'status' })
    assert.deepEqual(container.livenessProbe.httpGet, { path: '/status', port: 'status' })
  })

  it('select the pods that there are, and send them to ports that have these names', () => {
    const { labels } = template.metadata
    assert.deepEqual(of('Deployment').spec?.selector.matchLabels, labels)
    assert.deepEqual(of('PodDisruptionBudget').spec?.selector.matchLabels, labels)
    assert.deepEqual(of('Service').spec?.selector, labels)
    const names = container.ports.map(({ name }) => name)
    const targets = of('Service').spec?.ports?.map(({ targetPort }) => targetPort) ?? []
    assert.ok(targets.length > 0)
    assert.deepEqual(
      targets.filter((name) => !names.includes(name)),
      [],
    )
  })
})
