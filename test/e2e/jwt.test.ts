// jwt on real sockets, and gw jwt debug as a shell sees it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { freePorts } from '../support/ports.js'
import { RawClient, type RawAnswer } from '../support/raw-client.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { gwCommand } from '../support/root.js'
import { hmacToken } from '../support/signed-tokens.js'
import { waitFor } from '../support/wait.js'

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  const env = { KONG_PROXY_LISTEN: engineListeners(ports), KONG_NGINX_WORKER_PROCESSES: '2' }
  gateway = await startGateway({ env, config: fileWith('s1') })
})
after(async () => {
  await gateway.stop()
  await target.close()
})

/** @param marker the name of a route by which a reload shows */
function fileWith(secret: string | null, marker = 'first'): object {
  const config = {
    claims_to_verify: ['exp'],
    claims_to_headers: { sub: 'X-User-ID' },
    hide_credentials: true,
  }
  return {
    _format_version: '3.0',
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${target.port}`,
        routes: [
          { name: 'guarded', paths: ['/guarded'], plugins: [{ name: 'jwt', config }] },
          { name: marker, paths: [`/${marker}`] },
        ],
      },
    ],
    consumers: [
      { username: 'alice', ...(secret === null ? {} : { jwt_secrets: [{ key: 'k', secret }] }) },
    ],
  }
}

const token = hmacToken({ iss: 'k', sub: 'user-5', exp: 4_102_444_800 }, 's1')

async function get(port: number, path: string, ...lines: readonly string[]): Promise<RawAnswer> {
  const client = await RawClient.open(port)
  try {
    const head = [`GET ${path} HTTP/1.1`, 'Host: a.test', ...lines, '', ''].join('\r\n')
    return await client.send(Buffer.from(head)).answer()
  } finally {
    client.destroy()
  }
}

/** A few times, so that every worker is asked, about. */
async function statuses(port: number): Promise<number[]> {
  const answers: number[] = []
  for (let i = 0; i < 6; i++) {
    answers.push((await get(port, '/guarded', `Authorization: Bearer ${token}`)).status)
  }
  return answers
}

for (const [i, engine] of ENGINES.entries()) {
  describe(`jwt on ${engine}`, () => {
    const port = (): number => ports[i] ?? 0

    it('answers 401 with compact JSON when no token is sent', async () => {
      const { status, headers, body } = await get(port(), '/guarded')
      assert.equal(status, 401)
      assert.equal(headers['www-authenticate'], 'Bearer')
      assert.equal(headers['content-type'], 'application/json; charset=utf-8')
      assert.equal(body.toString(), '{"message":"Unauthorized"}')
    })

    it('tells the target who it is, whatever the client says', async () => {
      const before = target.requests.length
      const { status } = await get(
        port(),
        `/guarded?jwt=${token}&a=1`,
        `Authorization: Bearer ${token}`,
        'X-User-ID: admin',
        'X_User_ID: admin',
        'Connection: close, X-User-ID, X-Consumer-Username',
      )
      assert.equal(status, 200)
      const got = target.requests[before] ?? assert.fail('the target got nothing')
      const valuesOf = (wanted: string): string[] =>
        got.headers
          .filter(([name]) => name.toLowerCase().replaceAll('_', '-') === wanted)
          .map(([, value]) => value)
      assert.deepEqual(valuesOf('x-user-id'), ['user-5'])
      assert.deepEqual(valuesOf('x-consumer-username'), ['alice'])
      assert.deepEqual(valuesOf('x-credential-identifier'), ['k'])
      assert.deepEqual(valuesOf('authorization'), [])
      assert.equal(got.startLine, 'GET /?a=1 HTTP/1.1')
    })
  })
}

describe('a token that has passed', () => {
  const reload = async (config: object, marker: string): Promise<void> => {
    gateway.writeConfig(config)
    gateway.child.signal('SIGHUP')
    await waitFor('the reload', async () => (await get(ports[0] ?? 0, `/${marker}`)).status === 200)
  }
  const everywhere = async (): Promise<number[]> =>
    (await Promise.all(ports.map((port) => statuses(port)))).flat()

  it('is refused from the reload on that changes or removes its credential', async () => {
    assert.deepEqual(new Set(await everywhere()), new Set([200]))
    await reload(fileWith('s1', 'same'), 'same')
    assert.deepEqual(new Set(await everywhere()), new Set([200]))
    await reload(fileWith('s2', 'other'), 'other')
    assert.deepEqual(new Set(await everywhere()), new Set([401]))
    await reload(fileWith('s1', 'again'), 'again')
    assert.deepEqual(new Set(await everywhere()), new Set([200]))
    await reload(fileWith(null, 'none'), 'none')
    assert.deepEqual(new Set(await everywhere()), new Set([401]))
  })
})

describe('gw jwt debug', () => {
  let folder: Folder
  let file: string
  before(() => {
    folder = makeFolder()
    file = folder.write('kong.json', JSON.stringify(fileWith('s1')))
  })
  after(() => folder.remove())

  const debug = (...args: readonly string[]) =>
    runToEnd(process.execPath, [gwCommand, 'jwt', 'debug', ...args])
  const signature = token.slice(token.lastIndexOf('.') + 1)

  it('exits with 0 for a token that is accepted', async () => {
    const { code, stdout, output } = await debug(token, '-c', file, '--route', 'guarded')
    assert.equal(code, 0, output)
    assert.match(stdout, /-> accepted for consumer alice\n/)
    assert.ok(!output.includes(signature))
  })

  it('exits with 1 for one that is refused, and tells programs why', async () => {
    const late = hmacToken({ iss: 'k', exp: 1 }, 's1')
    const { code, stdout } = await debug(late, '-c', file, '--format', 'json')
    assert.equal(code, 1)
    const report = JSON.parse(stdout) as { exitCode: number; uses: { answer: unknown }[] }
    assert.equal(report.exitCode, 1)
    assert.deepEqual(report.uses[0]?.answer, { status: 401, body: { exp: 'token expired' } })
  })

  it('reads the token from standard input', async () => {
    const pipe = `printf 'Bearer %s\\n' "$TOKEN" | "$0" "$1" jwt debug - -c "$2"`
    const args = ['-c', pipe, process.execPath, gwCommand, file]
    const { code, output } = await runToEnd('/bin/sh', args, { TOKEN: token })
    assert.equal(code, 0, output)
  })

  it('exits with 2 when it cannot tell, and shows no token', async () => {
    const wrong = folder.write('wrong.yml', '_format_version: "3.0"\nservices: [{nam: a}]\n')
    for (const [args, words] of [
      [[token, '-c', wrong], /services\[0\]\.nam: unknown field/],
      [[token, '-c', file, '--route', 'nope'], /has no route 'nope'/],
      [[token, '-c', file, '--route', 'first'], /does not apply to route 'first'/],
      [['-', '-c', '-'], /standard input is the token or the file/],
      [[' ', '-c', file], /the token is empty/],
    ] as const) {
      const { code, output } = await debug(...args)
      assert.equal(code, 2, output)
      assert.match(output, words)
      assert.ok(!output.includes(signature))
    }
  })
})
