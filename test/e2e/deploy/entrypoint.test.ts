// The image's entrypoint, as people's compose files call it. What it starts is a stand-in that says what it was given.
import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runToEnd } from '../../support/child.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { projectRoot } from '../../support/root.js'

const STAND_IN = '#!/bin/sh\necho "kong $*"\nenv | grep -E "^(KONG|GW)_"\n'
const entrypoint = join(projectRoot, 'deploy/docker-entrypoint.sh')

let folder: Folder
before(() => {
  folder = makeFolder()
  chmodSync(folder.write('kong', STAND_IN), 0o755)
})
after(() => folder.remove())

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const path = [folder.path, process.env.PATH].join(delimiter)
  return runToEnd(entrypoint, command, { HOME: folder.path, PATH: path, ...env })
}

describe('the entrypoint', () => {
  it('starts the gateway in the foreground for `kong docker-start`', async () => {
    const { code, stdout } = await run(['kong', 'docker-start', '-c', '/etc/kong/kong.conf'])
    assert.equal(code, 0)
    assert.match(stdout, /^kong start -c \/etc\/kong\/kong\.conf\n/)
    assert.match(stdout, /^KONG_NGINX_DAEMON=off$/m)
  })

  it('leaves the foreground to who asks for it', async () => {
    const { stdout } = await run(['kong', 'start'], { KONG_NGINX_DAEMON: 'on' })
    assert.match(stdout, /^KONG_NGINX_DAEMON=on$/m)
  })

  it("runs other commands as they are, and gives their end on as the container's", async () => {
    const { code, stdout } = await run(['sh', '-c', 'echo "[$1]"; exit 3', 'sh', 'a  b'])
    assert.deepEqual([code, stdout], [3, '[a  b]\n'])
  })

  it("takes a template through the shell first, as Supabase's compose file does", async () => {
    folder.write('temp.yml', 'key: $SUPABASE_ANON_KEY\n')
    const line = `eval "echo \\"$(cat ~/temp.yml)\\"" > ~/kong.yml && cat ~/kong.yml && ${entrypoint} kong docker-start`
    const { stdout } = await run(['bash', '-c', line], { SUPABASE_ANON_KEY: 'made-up' })
    assert.match(stdout, /^key: made-up\nkong start\n/)
  })
})

describe('a setting in a file', () => {
  it('is read from there, in place of the name of the file', async () => {
    const file = folder.write('secret', 'two words\n')
    const { stdout } = await run(['kong', 'start'], {
      KONG_SSL_CERT_KEY_FILE: file,
      GW_ENGINE_FILE: file,
    })
    assert.match(stdout, /^KONG_SSL_CERT_KEY=two words$/m)
    assert.match(stdout, /^GW_ENGINE=two words$/m)
    assert.doesNotMatch(stdout, /_FILE=/)
  })

  it('is refused when it is also given as it is', async () => {
    const file = folder.write('secret', 'one')
    const env = { KONG_PLUGINS_FILE: file, KONG_PLUGINS: 'bundled' }
    const { code, output } = await run(['kong', 'start'], env)
    assert.equal(code, 1)
    assert.match(output, /both KONG_PLUGINS and KONG_PLUGINS_FILE are set/)
  })

  it('ends the start when the file cannot be read', async () => {
    const env = { KONG_SSL_CERT_KEY_FILE: join(folder.path, 'absent') }
    const { code, output } = await run(['kong', 'start'], env)
    assert.equal(code, 1)
    assert.match(output, /KONG_SSL_CERT_KEY_FILE: cannot read .*absent/)
  })

  it("is left alone when it belongs to a database or is nginx's own", async () => {
    const env = {
      KONG_PG_PASSWORD_FILE: join(folder.path, 'absent'),
      KONG_NGINX_PROXY_AUTH_BASIC_USER_FILE: '/etc/users',
    }
    const { code, stdout } = await run(['kong', 'start'], env)
    assert.equal(code, 0)
    assert.match(stdout, /^KONG_PG_PASSWORD_FILE=.*absent$/m)
    assert.match(stdout, /^KONG_NGINX_PROXY_AUTH_BASIC_USER_FILE=\/etc\/users$/m)
  })
})
