// gw explain as a shell sees it: output, exit codes, and where the file comes from.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { gwCommand, projectRoot } from '../../support/root.js'

const example = join(projectRoot, 'kong.yml.example')

let folder: Folder
before(() => {
  folder = makeFolder()
})
after(() => folder.remove())

function explain(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runToEnd(process.execPath, [gwCommand, 'explain', ...args], env)
}

describe('gw explain', () => {
  it('exits with 0 when a route answers', async () => {
    const { code, stdout, output } = await explain(['GET', '/orders/1', '-c', example])
    assert.equal(code, 0, output)
    assert.match(stdout, /-> proxied by route 'orders' to http:\/\/127\.0\.0\.1:9080\n/)
    assert.match(stdout, /\n {2}GET \/orders\/1 HTTP\/1\.1\n/)
  })

  it('exits with 1 when the gateway refuses', async () => {
    const { code, stdout } = await explain(['GET', 'http://a.test/none', '-c', example])
    assert.equal(code, 1)
    assert.match(stdout, /-> 404 from the gateway itself\n/)
    assert.match(stdout, /no Route matched with those values/)
  })

  it('exits with 2 for a file that is wrong, and says so as gw validate does', async () => {
    const wrong = folder.write('wrong.yml', '_format_version: "3.0"\nservices:\n- {nam: a}\n')
    const { code, stdout, output } = await explain(['GET', '/', '-c', wrong])
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.match(output, /wrong\.yml:3:4: error: services\[0\]\.nam: unknown field/)
    const json = await explain(['GET', '/', '-c', wrong, '--format', 'json'])
    assert.equal(json.code, 2)
    assert.equal((JSON.parse(json.stdout) as { errors: unknown[] }).errors.length, 2)
  })

  it('exits with 2 for settings, requests and consumers that are none', async () => {
    for (const [args, env, words] of [
      [['GET', '/'], { KONG_DATABASE: 'x' }, /KONG_DATABASE/],
      [['GET', 'a.test'], {}, /the URL is neither/],
      [['GET', '/', '--consumer', 'nobody'], {}, /has no consumer 'nobody'/],
      [['GET', '/', '-H', 'no colon'], {}, /-H is not of the form/],
    ] as const) {
      const { code, output } = await explain([...args, '-c', example], env)
      assert.equal(code, 2, output)
      assert.match(output, words)
    }
  })

  it('reads the file of the settings when -c names none', async () => {
    const env = { KONG_DECLARATIVE_CONFIG: example }
    const { code, stdout } = await explain(['GET', '/open', '--format', 'json'], env)
    assert.equal(code, 0)
    const report = JSON.parse(stdout) as { route: { name: string; place: { file: string } } }
    assert.deepEqual([report.route.name, report.route.place.file], ['open', example])
    const text = '{"_format_version":"3.0","routes":[{"name":"t","paths":["/"]}]}'
    const given = await explain(['GET', '/'], { KONG_DECLARATIVE_CONFIG_STRING: text })
    assert.equal(given.code, 1)
    assert.match(given.stdout, /503 from the gateway itself/)
  })

  it('says where it looked when there is no file', async () => {
    const { code, output } = await explain(['GET', '/'], { KONG_PREFIX: folder.path })
    assert.equal(code, 2)
    assert.match(output, /no declarative file/)
    assert.match(output, /-c/)
  })

  it('takes headers, the address of the client and a consumer', async () => {
    const { code, stdout } = await explain([
      ...['POST', '/orders/1', '-c', example, '-H', 'Host: a.test', '-H', 'X-A: 1'],
      ...['--from', '10.0.0.7', '--consumer', 'bob'],
    ])
    assert.equal(code, 0)
    assert.match(stdout, /^POST http:\/\/a\.test\/orders\/1 from 10\.0\.0\.7 /)
    assert.match(stdout, /\n {2}x-real-ip: 10\.0\.0\.7\n/)
    assert.match(stdout, /\n {2}x-a: 1\n/)
    assert.match(stdout, /rate-limiting \(consumer\)/)
  })
})
