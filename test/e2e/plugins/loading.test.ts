// A user's own plugin: a file in a folder, loaded by name, and told apart from a broken one before any port opens.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { gwCommand, projectRoot } from '../../support/root.js'

const example = readFileSync(join(projectRoot, 'examples/plugins/tag-tenant.ts'), 'utf8')

describe('a plugin in the folder of GW_PLUGIN_PATH', () => {
  let folder: Folder
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    // Below the system's temporary folder there is no node_modules to find gw/plugin in.
    folder = makeFolder()
    folder.write('tag-tenant.ts', example)
    target = await startRecordingTarget()
    gateway = await startGateway({
      env: { KONG_PLUGINS: 'bundled,tag-tenant', GW_PLUGIN_PATH: folder.path },
      config: {
        _format_version: '3.0',
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${target.port}`,
            routes: [{ name: 'all', paths: ['/'] }],
            plugins: [
              { name: 'tag-tenant', config: { tenants: ['acme'] } },
              { name: 'correlation-id', config: { echo_downstream: true } },
            ],
          },
        ],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
    folder.remove()
  })

  it('runs beside the bundled ones', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/', { 'X-Tenant': 'acme' })
    assert.equal(answer.status, 200)
    assert.ok(answer.header('kong-request-id'))
    const request = target.requests.at(-1)
    assert.ok(request)
    assert.equal(header(request, 'x-tenant-name'), 'acme')
  })

  it('may answer for the target', async () => {
    const before = target.requests.length
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/', { 'X-Tenant': 'evil' })
    assert.equal(answer.status, 403)
    assert.equal(answer.text, '{"message":"unknown tenant"}')
    assert.equal(target.requests.length, before)
  })
})

describe('gw start with a plugin of the user', () => {
  let folder: Folder
  before(() => {
    folder = makeFolder()
    folder.write('tag-tenant.ts', example)
  })
  after(() => folder.remove())

  const start = async (
    plugin: string,
    config: string,
  ): Promise<{ code: number | null; output: string }> =>
    runToEnd(process.execPath, [gwCommand, 'start', folder.write('kong.yml', config)], {
      KONG_PLUGINS: `bundled,${plugin}`,
      GW_PLUGIN_PATH: folder.path,
      KONG_PROXY_LISTEN: '127.0.0.1:0',
      KONG_ADMIN_LISTEN: 'off',
      KONG_STATUS_LISTEN: 'off',
      KONG_PREFIX: `${folder.path}/prefix`,
    })

  const NO_STACK = /^ {4}at /m
  const EMPTY = '_format_version: "3.0"\n'
  const whole = (name: string, more: string): string =>
    `import { definePlugin } from 'gw/plugin'
export default definePlugin({
  name: '${name}', version: '1.0.0', priority: 5,
  schema: { type: 'object', additionalProperties: false, properties: {} },
  ${more}
})
`

  it('refuses a wrong config with line and column', async () => {
    const config =
      '_format_version: "3.0"\nplugins:\n- name: tag-tenant\n  config:\n    source: header\n    tenant: [acme]\n    name: "a b"\n'
    const { code, output } = await start('tag-tenant', config)
    assert.equal(code, 1)
    assert.match(output, /kong\.yml:6:5 plugins\[0\]\.config\.tenant: unknown field.*tenants/)
    assert.match(output, /kong\.yml:7:11 plugins\[0\]\.config\.name: /)
    assert.doesNotMatch(output, NO_STACK)
  })

  it('knows a fault that the plugin reports from a file of its own for the class of the gateway', async () => {
    folder.write(
      'rules.ts',
      `import { ConfigFault } from 'gw/plugin'
export const refuse = () => { throw new ConfigFault('', 'none of this', 'take it out') }
`,
    )
    folder.write(
      'picky.ts',
      `import { refuse } from './rules'\n${whole('picky', 'prepare: () => refuse(),')}`,
    )
    const { code, output } = await start('picky', `${EMPTY}plugins:\n- name: picky\n`)
    assert.equal(code, 1)
    assert.match(output, /kong\.yml:3:3 plugins\[0\]\S*: none of this \(take it out\)/)
    assert.doesNotMatch(output, NO_STACK)
  })

  const faults: readonly (readonly [what: string, name: string, source: string, says: RegExp])[] = [
    [
      'throws while it is loaded',
      'bang',
      "const missing: { a: number } = null as never\nexport default missing.a\nthrow new Error('bang')\n",
      /bang\.ts:2:\d+ plugin 'bang' cannot be loaded: Cannot read properties of null/,
    ],
    [
      'does not parse',
      'typo',
      'export default {\n  name: \n}}\n',
      /typo\.ts:\d+:\d+ plugin 'typo' cannot be loaded/,
    ],
    [
      'has no default export',
      'nothing',
      "export const name = 'nothing'\n",
      /nothing\.ts plugin 'nothing': no default export \(export default definePlugin/,
    ],
    [
      'has a priority that is no number',
      'urgent',
      "export default { name: 'urgent', version: '1.0.0', priority: 'high', schema: { type: 'object' } }\n",
      /urgent\.ts plugin 'urgent': .*priority/,
    ],
    [
      'has a priority that is no integer',
      'half',
      whole('half', 'priority: 0.5,').replace(' priority: 5,', ''),
      /half\.ts plugin 'half': priority must be an integer, not 0\.5 \(.+\)/,
    ],
    [
      'imports what is not there',
      'lonely',
      "import 'no-such-package'\nexport default {}\n",
      /lonely\.ts.* plugin 'lonely' cannot be loaded: .*no-such-package/,
    ],
    [
      'throws in init',
      'early',
      whole('early', "init() { throw new Error('no disk') },"),
      /plugin 'early'.*init.*no disk/,
    ],
    [
      'rejects in init',
      'later',
      whole('later', "async init() { throw new Error('no disk') },"),
      /plugin 'later'.*init.*no disk/,
    ],
    [
      'throws in configure',
      'timer',
      whole('timer', "configure() { throw new Error('no timer') },"),
      /plugin 'timer'.*configure.*no timer/,
    ],
  ]
  for (const [what, name, source, says] of faults) {
    it(`exits with 1, and names plugin and reason, when the plugin ${what}`, async () => {
      folder.write(`${name}.ts`, source)
      const { code, output } = await start(name, EMPTY)
      assert.equal(code, 1, output)
      assert.match(output, says)
      assert.doesNotMatch(output, NO_STACK)
    })
  }

  it('exits with 1 and the place of the use when prepare throws', async () => {
    folder.write('strict.ts', whole('strict', "prepare() { throw new Error('never right') },"))
    const { code, output } = await start(
      'strict',
      '_format_version: "3.0"\nplugins:\n- name: strict\n',
    )
    assert.equal(code, 1)
    assert.match(
      output,
      /kong\.yml:3:\d+ plugins\[0\]\.config: plugin 'strict' failed to prepare: never right/,
    )
    assert.doesNotMatch(output, NO_STACK)
  })

  it('exits with 1 and says where a plugin was looked for that is not there', async () => {
    const { code, output } = await start('absent', EMPTY)
    assert.equal(code, 1)
    assert.match(output, /plugin 'absent' is enabled but not installed/)
    assert.ok(output.includes(folder.path))
    assert.match(output, /put absent\.ts into a folder of GW_PLUGIN_PATH/)
  })
})
