// What the image holds: put together in a folder as the Dockerfile does it, without Docker.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { keepOneBinary, linkCommands, type Machine } from '../../../deploy/image-tree.js'
import { startEcho } from '../../../src/cli/echo.js'
import { Child, runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { isReady, oneRoute } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { freePorts } from '../../support/ports.js'
import { projectRoot } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'

const BINARIES = 'node_modules/uWebSockets.js/dist/bin'
const HERE: Machine = {
  platform: process.platform,
  arch: process.arch,
  abi: process.versions.modules,
}
const MB = 1024 * 1024

/** `npm pack` and `npm ci --omit=dev`, without asking a registry. */
async function assemble(folder: Folder): Promise<string> {
  const root = join(folder.path, 'gw')
  mkdirSync(root)
  const pack = ['pack', projectRoot, '--silent', '--pack-destination', folder.path]
  const packed = await runToEnd('npm', pack)
  assert.equal(packed.code, 0, packed.output)
  const tarball = join(folder.path, packed.stdout.trim())
  const unpacked = await runToEnd('tar', ['-xzf', tarball, '-C', root, '--strip-components=1'])
  assert.equal(unpacked.code, 0, unpacked.output)
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean }>>
  }
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const isInside = path.includes('/node_modules/')
    if (path === '' || dev === true || isInside) continue
    cpSync(join(projectRoot, path), join(root, path), { recursive: true })
  }
  return root
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

describe('the tree of the image', () => {
  let folder: Folder
  let root: string
  let sizeBefore: number
  before(async () => {
    folder = makeFolder()
    root = await assemble(folder)
    sizeBefore = sizeOf(root)
    keepOneBinary(root, HERE)
    linkCommands(root, join(folder.path, 'bin'))
  })
  after(() => folder.remove())

  it('is a fifth of what npm installs, and less than 30 MB', () => {
    const size = sizeOf(root)
    assert.ok(size < 30 * MB && size < sizeBefore / 5, `${sizeBefore} bytes before, ${size} after`)
  })

  it('has neither tests nor what builds it', () => {
    const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      files.filter((file) => file.includes('.test.') || /^(?:test|deploy)\b/.test(file)),
      [],
    )
    assert.ok(!readdirSync(join(root, 'node_modules')).includes('typescript'))
  })

  for (const engine of ['uws', 'http1']) {
    it(`passes requests on with the engine ${engine}, and ends on SIGQUIT`, async () => {
      const echo = await startEcho({ host: '127.0.0.1', port: 0 })
      const [proxyPort = 0, statusPort = 0] = await freePorts(2)
      const path = [join(folder.path, 'bin'), dirname(process.execPath), process.env.PATH]
      const gateway = new Child('kong', ['start'], {
        PATH: path.join(delimiter),
        GW_ENGINE: engine,
        KONG_DECLARATIVE_CONFIG: folder.write('kong.yml', JSON.stringify(oneRoute(echo.port))),
        KONG_PREFIX: join(folder.path, 'prefix'),
        KONG_PROXY_LISTEN: `127.0.0.1:${proxyPort}`,
        KONG_ADMIN_LISTEN: 'off',
        KONG_STATUS_LISTEN: `127.0.0.1:${statusPort}`,
        KONG_NGINX_DAEMON: 'off',
        KONG_NGINX_WORKER_PROCESSES: '1',
      })
      try {
        const isUp = async () => !gateway.isRunning || (await isReady(statusPort))
        await waitFor('the gateway to be ready', isUp, 20_000)
        assert.ok(gateway.isRunning, gateway.output)
        assert.equal((await requestOnce(proxyPort, 'GET', '/hello')).status, 200)
        gateway.signal('SIGQUIT')
        assert.deepEqual(await gateway.ended, { code: 0, signal: null })
      } finally {
        await gateway.stop()
        await echo.close()
      }
    })
  }
})

describe('keepOneBinary', () => {
  const ALL = ['uws_linux_x64_127.node', 'uws_linux_arm64_127.node', 'uws_linux_x64_115.node']
  let folder: Folder
  const left = (): string[] => readdirSync(join(folder.path, BINARIES))

  before(() => {
    folder = makeFolder()
    mkdirSync(join(folder.path, BINARIES), { recursive: true })
    for (const name of [...ALL, 'notes.txt']) folder.write(join(BINARIES, name), 'four')
  })
  after(() => folder.remove())

  it('names what there is, and removes nothing, when none fits', () => {
    const machine = { platform: 'linux', arch: 'x64', abi: '137' }
    assert.throws(() => keepOneBinary(folder.path, machine), /ABI 137 .*there are uws_linux_arm64/)
    assert.equal(left().length, ALL.length + 1)
  })

  it('leaves the one of the machine that is named, and says how much went', () => {
    const removed = keepOneBinary(folder.path, { platform: 'linux', arch: 'arm64', abi: '127' })
    assert.equal(removed, 8)
    assert.deepEqual(left().toSorted(), ['notes.txt', 'uws_linux_arm64_127.node'])
  })
})
