// Real environments start unchanged, through the image's entrypoint, and their health checks are content.
import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { linkCommands } from '../../../deploy/image-tree.js'
import { makeCertificate, type Certificate } from '../../support/certificates.js'
import { Child, runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { isReady } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { projectRoot } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'
import type { Environment } from './environments.js'
import { ENVIRONMENTS_OF_SUPABASE } from './environments-of-supabase.js'
import { ENVIRONMENTS_THAT_START } from './environments-that-start.js'
import {
  ENVIRONMENTS_ON_POSTGRES,
  ENVIRONMENTS_WITH_LUA_PLUGINS,
} from './environments-that-are-refused.js'
import { relocate, type Relocated } from './relocate.js'

const entrypoint = join(projectRoot, 'deploy/docker-entrypoint.sh')
const concurrency = availableParallelism()
const starting = [...ENVIRONMENTS_THAT_START, ...ENVIRONMENTS_OF_SUPABASE]

let certificate: Certificate
let commands: Folder
let path: string
before(() => {
  certificate = makeCertificate('DNS:gateway.test')
  commands = makeFolder()
  linkCommands(projectRoot, commands.path)
  path = [commands.path, dirname(process.execPath), process.env.PATH].join(delimiter)
})
after(() => commands.remove())

/** The gateway as the environment's container would run it, in a folder that stands for the container's root. */
async function run(
  environment: Environment,
  use: (gateway: Child, where: Relocated, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const root = makeFolder()
  try {
    const where = await relocate(environment, root.path, certificate)
    const env = { ...where.settings, PATH: path }
    const gateway = new Child(entrypoint, environment.command ?? ['kong', 'docker-start'], env)
    try {
      await use(gateway, where, env)
    } finally {
      await gateway.stop()
    }
  } finally {
    root.remove()
  }
}

async function checkHealth(
  { health = 'kong health' }: Environment,
  { adminPort, statusPort }: Relocated,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (health === 'kong health') {
    const { code, output } = await runToEnd('kong', ['health'], env)
    assert.equal(code, 0, output)
    return
  }
  const [listener, page = '/'] = health.split(' ')
  const { status } = await requestOnce(listener === 'admin' ? adminPort : statusPort, 'GET', page)
  assert.equal(status, 200)
}

const nameOf = ({ repository, file }: Environment): string => `${repository} (${file})`

describe('the environment of', { concurrency }, () => {
  for (const environment of starting) {
    it(`${nameOf(environment)} starts, and its health check is content`, () =>
      run(environment, async (gateway, where, env) => {
        await waitFor(
          'the gateway to be ready',
          async () => !gateway.isRunning || (await isReady(where.statusPort)),
          20_000,
        )
        assert.ok(gateway.isRunning, gateway.output)
        await checkHealth(environment, where, env)
      }))
  }

  for (const environment of ENVIRONMENTS_ON_POSTGRES) {
    it(`${nameOf(environment)} is refused: it has a database, and the way out is named`, () =>
      run(environment, async (gateway) => {
        const { code } = await gateway.ended
        assert.equal(code, 1)
        assert.match(gateway.output, /KONG_DATABASE.*'postgres'.*kong config db_export/s)
      }))
  }

  for (const { environment, plugin } of ENVIRONMENTS_WITH_LUA_PLUGINS) {
    it(`${nameOf(environment)} is refused: ${plugin} is named, and where its successor goes`, () =>
      run(environment, async (gateway) => {
        const { code } = await gateway.ended
        assert.equal(code, 1)
        assert.match(gateway.output, new RegExp(`plugin '${plugin}'.*GW_PLUGIN_PATH`, 's'))
      }))
  }
})

describe('the table of environments', () => {
  it('has those of more than twenty repositories that start', () => {
    const repositories = new Set(starting.map(({ repository }) => repository))
    assert.ok(repositories.size > 20)
  })
})
