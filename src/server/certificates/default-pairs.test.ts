import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readDefaultPairs } from './default-pairs.js'
import { makeSelfSigned } from './self-signed.js'

const { cert, key } = makeSelfSigned(Date.now())
const folder = mkdtempSync(join(tmpdir(), 'gw-pairs-'))
const certFile = join(folder, 'a.pem')
const keyFile = join(folder, 'a.key')
writeFileSync(certFile, cert)
writeFileSync(keyFile, key)
after(() => {
  rmSync(folder, { recursive: true })
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

describe('an entry of ssl_cert', () => {
  it('may be a file, which is named as it is', () => {
    const [pair] = readDefaultPairs({ certs: [certFile], keys: [keyFile] })
    assert.deepEqual(pair, { cert, key, certName: certFile, keyName: keyFile, areFiles: true })
  })

  it('may be PEM, as text or in base64', () => {
    const pairs = readDefaultPairs({ certs: [cert, base64(cert)], keys: [key, base64(key)] })
    for (const [index, pair] of pairs.entries()) {
      const number = index + 1
      assert.deepEqual(pair, {
        cert,
        key,
        certName: `entry ${number} of ssl_cert`,
        keyName: `entry ${number} of ssl_cert_key`,
        areFiles: false,
      })
    }
  })

  it('may be text beside a key that is a file', () => {
    const [pair] = readDefaultPairs({ certs: [cert], keys: [keyFile] })
    assert.equal(pair?.areFiles, false)
    assert.equal(pair.key, key)
  })

  it('that is a file which is not there is named', () => {
    assert.throws(() => readDefaultPairs({ certs: [certFile], keys: ['/nowhere/a.key'] }), {
      message: 'cannot read the key: /nowhere/a.key (ENOENT)',
    })
  })

  it('that may be a damaged key is not shown', () => {
    const damaged = base64(key).slice(4)
    assert.throws(
      () => readDefaultPairs({ certs: [certFile], keys: [damaged] }),
      (error: Error) =>
        error.message.startsWith('cannot read the key: entry 1 of ssl_cert_key') &&
        error.cause === undefined,
    )
  })
})
