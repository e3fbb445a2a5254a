import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConf } from './conf-file.js'
import { collectSettings, type SettingSources } from './setting-sources.js'

const valueOf = (name: string, sources: SettingSources): string | undefined =>
  collectSettings(sources).get(name)?.value

const conf = parseConf('log_level = warn\nprefix = /of/file', 'kong.conf')
const flags = [{ flag: '--prefix', name: 'prefix', value: '/of/flag' }]

describe('settings from several sources', () => {
  it('are those of the flags, the environment, the file, in this order', () => {
    const environment = { KONG_PREFIX: '/of/kong', GW_PREFIX: '/of/gw' }
    assert.equal(valueOf('prefix', { environment, conf, flags }), '/of/flag')
    assert.equal(valueOf('prefix', { environment, conf }), '/of/gw')
    assert.equal(valueOf('prefix', { environment: { KONG_PREFIX: '/of/kong' }, conf }), '/of/kong')
    assert.equal(valueOf('prefix', { environment: {}, conf }), '/of/file')
    assert.equal(valueOf('prefix', { environment: {} }), undefined)
  })

  it('come from variables in any case', () => {
    assert.equal(valueOf('log_level', { environment: { kong_Log_Level: 'info' } }), 'info')
  })

  it('leave a value alone that an empty one seems to take back', () => {
    assert.equal(valueOf('log_level', { environment: { KONG_LOG_LEVEL: ' ' }, conf }), 'warn')
  })

  it('are those of the last line of a file', () => {
    const twice = parseConf('log_level = warn\nlog_level = info\nprefix = /a\nprefix =', 'c')
    assert.equal(valueOf('log_level', { environment: {}, conf: twice }), 'info')
    assert.equal(valueOf('prefix', { environment: {}, conf: twice }), undefined)
  })

  it("may have nginx's own names", () => {
    const environment = { KONG_NGINX_WORKER_PROCESSES: '2', KONG_NGINX_MAIN_WORKER_PROCESSES: '3' }
    assert.equal(valueOf('nginx_worker_processes', { environment }), '3')
    const workers = [{ flag: '--workers', name: 'nginx_worker_processes', value: '4' }]
    assert.equal(valueOf('nginx_worker_processes', { environment, flags: workers }), '4')
  })

  it('know their place', () => {
    const given = collectSettings({ environment: { KONG_LOG_LEVEL: 'x' }, conf, flags })
    assert.deepEqual(given.get('log_level'), { value: 'x', file: 'KONG_LOG_LEVEL', line: 0 })
    assert.equal(given.get('prefix')?.file, '--prefix')
    const { file, line } = collectSettings({ environment: {}, conf }).get('prefix') ?? {}
    assert.deepEqual([file, line], ['kong.conf', 2])
  })
})
