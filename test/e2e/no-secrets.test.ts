// The secrets of a configuration are in nothing that is written about it: logs, answers, pages, reports. Each is a text of
// its own that stands nowhere else, so that it can be searched for.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { makeCertificate } from '../support/certificates.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce, type Answer } from '../support/http-client.js'
import { freePort } from '../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { gwCommand } from '../support/root.js'
import { hmacToken } from '../support/signed-tokens.js'
import { waitFor } from '../support/wait.js'

/** Shown in the Admin API, as recorded on a real Kong, and nowhere else. */
const KEY = 'secret-key-9d41c6'
const SECRETS = {
  hashedKey: 'secret-enc-key-5f0a7713c2',
  jwt: 'secret-jwt-31ee02',
  password: 'secret-password-77b1',
  hmac: 'secret-hmac-c0d5e1',
  session: 'secret-session-18a2f4',
  webhook: Buffer.from('secret-webhook-6632aa').toString('base64'),
  redis: 'secret-redis-49e8d0',
  header: 'secret-header-b72f90',
  oauth2: 'secret-oauth2-e81c55',
  setting: 'secret-setting-03c9ab',
}
/** What clients try in vain. */
const WRONG = 'wrong-secret-4417fe'

const pair = makeCertificate('DNS:a.test')
const own = makeCertificate('DNS:b.test')
/** A line from the middle of each private key, which tells it from its frame. */
const keyLines = [pair, own].map(({ key }) => key.split('\n')[1] ?? assert.fail())

const HIDDEN = [...Object.values(SECRETS), ...keyLines, WRONG]

function assertHidden(
  text: string,
  where: string,
  secrets: readonly string[] = [KEY, ...HIDDEN],
): void {
  for (const secret of secrets) {
    const at = text.indexOf(secret)
    assert.ok(at < 0, `${where} has a secret: ${text.slice(Math.max(0, at - 200), at + 60)}`)
  }
}

/** @param wrap what stands for each secret: itself, or something that is wrong there */
function config(
  targetPort: number,
  redisPort: number,
  wrap: (secret: string) => unknown = (secret) => secret,
): object {
  const redis = { host: '127.0.0.1', port: redisPort, password: wrap(SECRETS.redis), timeout: 200 }
  const limit = { minute: 1000, policy: 'redis', fault_tolerant: true, redis }
  const add = { headers: wrap(`X-Token: ${SECRETS.header}`) }
  const guarded = (name: string, ...plugins: readonly object[]): object => ({
    name,
    paths: [`/${name}`],
    plugins,
  })
  return {
    _format_version: '3.0',
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${targetPort}`,
        routes: [
          guarded('key', { name: 'key-auth' }, { name: 'rate-limiting', config: limit }),
          guarded('enc', { name: 'key-auth-enc', config: { key_in_body: true } }),
          guarded('jwt', { name: 'jwt', config: { claims_to_verify: ['exp'] } }),
          guarded('basic', { name: 'basic-auth' }),
          guarded('hmac', { name: 'hmac-auth' }),
          guarded(
            'session',
            { name: 'session', config: { secret: wrap(SECRETS.session) } },
            {
              name: 'key-auth',
            },
          ),
          guarded('webhook', {
            name: 'standard-webhooks',
            config: { secret_v1: wrap(SECRETS.webhook) },
          }),
          guarded('header', {
            name: 'request-transformer',
            config: { add: { headers: [add.headers] } },
          }),
        ],
      },
    ],
    consumers: [
      {
        username: 'alice',
        keyauth_credentials: [{ key: wrap(KEY) }],
        keyauth_enc_credentials: [{ key: wrap(SECRETS.hashedKey) }],
        jwt_secrets: [{ key: 'issuer', secret: wrap(SECRETS.jwt) }],
        basicauth_credentials: [{ username: 'alice', password: wrap(SECRETS.password) }],
        hmacauth_credentials: [{ username: 'alice', secret: wrap(SECRETS.hmac) }],
        oauth2_credentials: [
          { name: 'app', client_id: 'app', client_secret: wrap(SECRETS.oauth2) },
        ],
      },
    ],
    certificates: [{ cert: pair.cert, key: wrap(pair.key), snis: [{ name: 'a.test' }] }],
  }
}

let target: RecordingTarget
let gateway: RunningGateway
let folder: Folder
let redisPort: number
before(async () => {
  folder = makeFolder()
  target = await startRecordingTarget()
  redisPort = await freePort()
  gateway = await startGateway({
    config: config(target.port, redisPort),
    env: {
      KONG_LOG_LEVEL: 'debug',
      KONG_PG_PASSWORD: SECRETS.setting,
      KONG_CLIENT_SSL: 'on',
      KONG_CLIENT_SSL_CERT: own.cert,
      KONG_CLIENT_SSL_CERT_KEY: own.key,
    },
  })
})
after(async () => {
  await gateway.stop()
  await target.close()
  folder.remove()
})

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600
const basic = (password: string): string =>
  `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`

function signed(secret: string): Readonly<Record<string, string>> {
  const date = new Date().toUTCString()
  const signature = createHmac('sha256', secret).update(`date: ${date}`).digest('base64')
  const fields = `username="alice", algorithm="hmac-sha256", headers="date", signature="${signature}"`
  return { Date: date, Authorization: `hmac ${fields}` }
}

function webhook(secret: string): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', secret).update(`id.${seconds}.{}`).digest('base64')
  return {
    'webhook-id': 'id',
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
  }
}

/** A request with that secret, by route: its headers and body. */
const REQUESTS: Readonly<
  Record<string, (secret: string) => [headers: Readonly<Record<string, string>>, body?: string]>
> = {
  key: (secret) => [{ apikey: secret }],
  enc: (secret) => [{ apikey: secret }],
  jwt: (secret) => [
    { Authorization: `Bearer ${hmacToken({ iss: 'issuer', exp: inAnHour() }, secret)}` },
  ],
  basic: (secret) => [{ Authorization: basic(secret) }],
  hmac: (secret) => [signed(secret)],
  session: (secret) => [{ apikey: secret }],
  webhook: (secret) => [webhook(secret), '{}'],
}
const GOOD: Readonly<Record<string, string>> = {
  key: KEY,
  enc: SECRETS.hashedKey,
  jwt: SECRETS.jwt,
  basic: SECRETS.password,
  hmac: SECRETS.hmac,
  session: KEY,
  webhook: SECRETS.webhook,
}

function send(route: string, secret: string, query = ''): Promise<Answer> {
  const [headers, body] = REQUESTS[route]?.(secret) ?? assert.fail(route)
  const method = body === undefined ? 'GET' : 'POST'
  return requestOnce(gateway.proxyPort, method, `/${route}${query}`, headers, body)
}

async function admin(path: string): Promise<string> {
  const { status, text } = await requestOnce(gateway.adminPort, 'GET', path)
  assert.equal(status, 200, path)
  return text
}

function gw(...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd(process.execPath, [gwCommand, ...args])
}

describe('secrets', () => {
  it('are in no answer, whether they are right or wrong', async () => {
    for (const [route, secret] of Object.entries(GOOD)) {
      const good = await send(route, secret)
      assert.equal(good.status, 200, route)
      const wrong = route === 'webhook' ? Buffer.from(WRONG).toString('base64') : WRONG
      const bad = await send(route, wrong, `?apikey=${WRONG}`)
      assert.equal(Math.floor(bad.status / 100), 4, route)
      for (const { headers, text } of [good, bad]) assertHidden(`${headers.join()}${text}`, route)
    }
    assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/header')).status, 200)
  })

  it('are on no page of the Admin API and the status listener', async () => {
    const { data: paths } = JSON.parse(await admin('/endpoints')) as { data: string[] }
    const pages = paths.filter((path) => !path.includes('{'))
    assert.ok(pages.length > 20)
    for (const page of pages) {
      const { text } = await requestOnce(gateway.adminPort, 'GET', page)
      assertHidden(text, page, HIDDEN)
      const list = text.startsWith('{"data":[') ? (JSON.parse(text) as List) : { data: [] }
      for (const { id } of list.data) {
        if (typeof id !== 'string') continue
        assertHidden(await admin(`${page}/${id}`), page, HIDDEN)
      }
    }
    const nested = ['key-auth-enc', 'jwt', 'basic-auth', 'hmac-auth', 'oauth2', 'plugins']
    for (const path of nested) assertHidden(await admin(`/consumers/alice/${path}`), path, HIDDEN)
    for (const path of ['/status', '/status/ready', '/upstreams']) {
      const { text } = await requestOnce(gateway.statusPort, 'GET', path)
      assertHidden(text, path)
    }
  })

  it('are not in what POST /config answers, to a good document and to wrong ones', async () => {
    const type = { 'Content-Type': 'application/json' }
    const post = (document: object): Promise<Answer> =>
      requestOnce(
        gateway.adminPort,
        'POST',
        '/config?flatten_errors=1&positions=1',
        type,
        JSON.stringify(document),
      )
    const good = await post(config(target.port, redisPort))
    assert.equal(good.status, 201)
    assertHidden(good.text, 'the answer', HIDDEN)
    for (const wrong of [wrapped, numbered]) {
      const bad = await post(config(target.port, redisPort, wrong))
      assert.equal(bad.status, 400)
      assertHidden(bad.text, 'the refusal', HIDDEN)
    }
  })

  it('are not in the log after reloads of good and of broken files', async () => {
    const reload = async (text: string, outcome: string): Promise<void> => {
      const before = gateway.log.length
      gateway.writeConfig(text)
      gateway.child.signal('SIGHUP')
      await waitFor(outcome, () => gateway.log.slice(before).includes(outcome), 20_000)
    }
    const text = JSON.stringify(config(target.port, redisPort))
    await reload(text, 'configuration reloaded')
    await reload(text.slice(0, text.indexOf(SECRETS.session) + 10), 'was not reloaded')
    const wrong = JSON.stringify(config(target.port, redisPort, wrapped), null, 2)
    await reload(wrong, 'was not reloaded')
    assertHidden(gateway.log, 'the log')
  })

  it('are not in what the commands say of a file', async () => {
    const file = folder.write('kong.yml', JSON.stringify(config(target.port, redisPort), null, 1))
    const other = config(target.port, redisPort, (secret) => secret.replace('secret', 'new-secret'))
    const changed = folder.write('new.yml', JSON.stringify({ ...other, certificates: [] }, null, 1))
    const token = hmacToken({ iss: 'issuer', exp: inAnHour() }, SECRETS.jwt)
    const runs: readonly string[][] = [
      ...['pretty', 'json', 'github', 'sarif', 'junit'].map((form) => {
        return ['validate', '--format', form, file]
      }),
      ...['pretty', 'json', 'markdown'].map((form) => ['diff', '--format', form, file, changed]),
      ...['pretty', 'json'].flatMap((form) => [
        ['explain', '--format', form, 'GET', '/key', '-H', `apikey: ${KEY}`, '-c', file],
        ['jwt', 'debug', '--format', form, token, '-c', file],
      ]),
    ]
    for (const args of runs) {
      const { output } = await gw(...args)
      assert.notEqual(output, '', args.join(' '))
      assertHidden(output, args.slice(0, 3).join(' '))
    }
  })

  it('are not in what gw validate says of a value that is wrong', async () => {
    const texts = [wrapped, numbered].flatMap((wrong) => {
      const document = config(target.port, redisPort, wrong)
      return [JSON.stringify(document, null, 1), JSON.stringify(document)]
    })
    const good = JSON.stringify(config(target.port, redisPort), null, 1)
    for (const secret of [KEY, ...Object.values(SECRETS)]) {
      const at = good.indexOf(secret)
      // Cut within, and with a character that cannot be there.
      if (at >= 0) texts.push(good.slice(0, at + 8), good.replace(secret, `${secret}"x`))
    }
    for (const [index, text] of texts.entries()) {
      const file = folder.write(`wrong-${index}.yml`, text)
      const { code, output } = await gw('validate', file)
      assert.equal(code, 1, output)
      assertHidden(output, `gw validate on file ${index}`)
    }
  })
})

interface List {
  readonly data: readonly { readonly id?: unknown }[]
}

function wrapped(secret: string): unknown {
  return [secret]
}

function numbered(secret: string): unknown {
  return { [secret]: 1 }
}
