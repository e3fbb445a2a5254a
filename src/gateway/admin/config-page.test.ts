import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { beforeEach, describe, it } from 'node:test'
import { FakeAdmin, type AdminAnswer, type SentRequest } from '../../../test/support/admin.js'

const OLD = '_format_version: "3.0"\nservices: [{name: old, host: old.test}]\n'
const NEW = '_format_version: "3.0"\nservices: [{name: new, host: new.test}]\n'
const WRONG = '_format_version: "3.0"\nservices:\n- {name: bad, host: x.test, port: many}\n'
const JSON_TYPE = { 'content-type': 'application/json' }

let admin: FakeAdmin
beforeEach(() => {
  admin = new FakeAdmin(OLD)
})

function post(sent: SentRequest, query = ''): Promise<AdminAnswer> {
  return admin.ask('POST', `/config${query}`, sent)
}

function postText(config: string, query = ''): Promise<AdminAnswer> {
  return post({ headers: JSON_TYPE, body: JSON.stringify({ config }) }, query)
}

function nameServed(): unknown {
  return admin.config.snapshot.services[0]?.name
}

describe('POST /config', () => {
  for (const [title, type, body] of [
    ['a text in the field config', 'application/json', JSON.stringify({ config: NEW })],
    [
      'the document itself as JSON',
      'application/json; charset=utf-8',
      '{"_format_version":"3.0","services":[{"name":"new","host":"new.test"}]}',
    ],
    ['YAML', 'application/yaml', NEW],
    ['YAML by its other name', 'text/yaml', NEW],
    ['a form', 'application/x-www-form-urlencoded', `config=${encodeURIComponent(NEW)}`],
    [
      'a form in parts',
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="config"\r\n\r\n${NEW}\r\n--b--\r\n`,
    ],
  ] as const) {
    it(`takes ${title} and answers with its entities by id`, async () => {
      const answer = await post({ headers: { 'content-type': type }, body })
      assert.equal(answer.status, 201)
      assert.equal(nameServed(), 'new')
      const id = admin.config.snapshot.services[0]?.id ?? ''
      const { services } = answer.json as { services: Record<string, { name: string }> }
      assert.equal(services[id]?.name, 'new')
    })
  }

  it('answers 304 to what serves already, when it is asked to look', async () => {
    assert.equal((await postText(OLD, '?check_hash=1')).status, 304)
    assert.equal((await postText(OLD)).status, 201)
    assert.equal((await postText(NEW, '?check_hash=1')).status, 201)
    assert.equal(admin.status().configurationHash, createHash('md5').update(NEW).digest('hex'))
  })

  it('names what is wrong as Kong does, and keeps the old one', async () => {
    const answer = await postText(WRONG)
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.json, {
      code: 14,
      name: 'invalid declarative configuration',
      message: 'declarative config is invalid: {services={{port="expected an integer"}}}',
      fields: { services: [{ port: 'expected an integer' }] },
    })
    assert.equal(nameServed(), 'old')
  })

  it('logs the line and the column of what is wrong', async () => {
    await postText(WRONG)
    assert.match(admin.logged.join('\n'), /POST \/config:3:\d+ services\[0\]\.port: expected an/)
  })

  for (const [title, sent, query] of [
    ['asked for', { headers: JSON_TYPE, body: JSON.stringify({ config: WRONG }) }, '?positions=1'],
    ['the body is YAML', { headers: { 'content-type': 'text/yaml' }, body: WRONG }, ''],
  ] as const) {
    it(`answers with lines and columns as well when ${title}`, async () => {
      const { problems } = (await post(sent, query)).json as { problems: object[] }
      assert.deepEqual(problems, [
        {
          path: 'services[0].port',
          line: 3,
          column: 35,
          message: 'expected an integer',
        },
      ])
    })
  }

  it('tells the faults entity by entity when asked to', async () => {
    const text = `_format_version: "3.0"
nonsense: 1
services:
- id: 5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b40
  name: s
  host: x.test
  routes: [{name: r, tags: [t], paths: [bad], methods: [get]}]
`
    const answer = (await postText(text, '?flatten_errors=1')).json as Record<string, unknown>
    assert.deepEqual(answer.fields, { nonsense: 'unknown field' })
    assert.equal(answer.message, 'declarative config is invalid: {nonsense="unknown field"}')
    assert.deepEqual(answer.flattened_errors, [
      {
        entity_type: 'route',
        entity_name: 'r',
        entity_tags: ['t'],
        entity: {
          name: 'r',
          tags: ['t'],
          paths: ['bad'],
          methods: ['get'],
          service: { id: '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b40' },
        },
        errors: [
          {
            type: 'field',
            field: 'paths.1',
            message: 'should start with: / (fixed path) or ~/ (regex path)',
          },
          { type: 'field', field: 'methods.1', message: 'invalid value: get' },
        ],
      },
    ])
  })

  it('tells the sender, but not the log, which key is there twice', async () => {
    const text = `_format_version: "3.0"
consumers:
- {username: a, keyauth_credentials: [{key: s3cret}]}
- {username: b, keyauth_credentials: [{key: s3cret}]}
`
    assert.match((await postText(text)).body, /with key set to 's3cret' already declared/)
    assert.doesNotMatch(admin.logged.join('\n'), /s3cret/)
  })

  for (const [title, status, sent] of [
    ['no JSON', 400, { headers: JSON_TYPE, body: '{bad' }],
    ['an empty body', 400, { headers: JSON_TYPE, body: '' }],
    ['no body at all', 400, {}],
    [
      'a form without the field',
      400,
      { headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b--\r\n' },
    ],
    ['a document that is no text', 400, { headers: JSON_TYPE, body: '{"config":[1]}' }],
    ['plain text', 415, { headers: { 'content-type': 'text/plain' }, body: NEW }],
    ['a body without a type', 415, { body: NEW }],
  ] as const) {
    it(`refuses ${title} with ${status}`, async () => {
      assert.equal((await post(sent)).status, status)
      assert.equal(nameServed(), 'old')
    })
  }

  it('asks to come back while another is loaded', async () => {
    let open: () => void = () => assert.fail('not waiting yet')
    admin.gate = new Promise((resolve) => (open = resolve))
    const first = postText(NEW)
    // The first has to have read its body.
    await new Promise(setImmediate)
    const second = await postText(NEW)
    assert.equal(second.status, 429)
    assert.equal(second.headers['Retry-After'], '1')
    open()
    assert.equal((await first).status, 201)
    assert.equal((await postText(OLD)).status, 201)
  })

  it('takes nothing once the gateway is stopping', async () => {
    admin.isStopping = true
    const answer = await postText(NEW)
    assert.equal(answer.status, 503)
    assert.deepEqual(answer.json, { message: 'Kong currently exiting' })
  })

  for (const [title, headers] of [
    ['of another origin', { origin: 'http://evil.test' }],
    ['without an origin', { origin: 'null' }],
    ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ] as const) {
    it(`refuses what a page ${title} sends`, async () => {
      const sent = { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ config: NEW }) }
      assert.equal((await post(sent)).status, 403)
      assert.equal(nameServed(), 'old')
    })
  }

  it('takes what a page of its own origin sends', async () => {
    const headers = { ...JSON_TYPE, origin: 'http://admin.test' }
    assert.equal((await post({ headers, body: JSON.stringify({ config: NEW }) })).status, 201)
  })
})

describe('GET /config', () => {
  it('shows nothing to the script of another site, but follows its links', async () => {
    const script = { headers: { origin: 'http://evil.test' } }
    assert.equal((await admin.ask('GET', '/config', script)).status, 403)
    const link = { headers: { 'sec-fetch-site': 'cross-site' } }
    assert.equal((await admin.ask('GET', '/config', link)).status, 200)
  })

  it('gives a document that, sent back, changes nothing', async () => {
    const { config } = (await admin.ask('GET', '/config')).json as { config: string }
    const before = (await admin.ask('GET', '/services')).json
    assert.equal((await postText(config)).status, 201)
    const strip = (value: unknown): string =>
      JSON.stringify(value).replace(/"updated_at":\d+/g, '"updated_at":0')
    assert.equal(strip((await admin.ask('GET', '/services')).json), strip(before))
  })
})
