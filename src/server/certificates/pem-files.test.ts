import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, it } from 'node:test'
import { Certificate } from './certificate.js'
import { DEFAULT_HANDSHAKE } from './handshake.js'
import { type PemFiles, withPemFiles } from './pem-files.js'
import { makeSelfSigned } from './self-signed.js'

const pair = makeSelfSigned(Date.now())
const certificate = new Certificate([pair], DEFAULT_HANDSHAKE)

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

describe('files of a certificate', () => {
  it('are for their owner alone while they are used, and gone then', () => {
    const files = withPemFiles((filesOf): PemFiles => {
      const { certFile, keyFile } = filesOf(certificate)
      assert.equal(readFileSync(certFile, 'utf8'), pair.cert)
      assert.equal(readFileSync(keyFile, 'utf8'), pair.key)
      assert.deepEqual([modeOf(certFile), modeOf(keyFile)], [0o600, 0o600])
      assert.equal(modeOf(dirname(keyFile)), 0o700)
      assert.deepEqual(filesOf(certificate), { certFile, keyFile })
      return { certFile, keyFile }
    })
    assert.equal(existsSync(dirname(files.keyFile)), false)
  })

  it('are gone when their use fails', () => {
    let folder = ''
    assert.throws(
      () =>
        withPemFiles((filesOf) => {
          folder = dirname(filesOf(certificate).keyFile)
          throw new Error('refused')
        }),
      /refused/,
    )
    assert.notEqual(folder, '')
    assert.equal(existsSync(folder), false)
  })

  it('are those that it was read from, if it was', () => {
    const read = { ...pair, certName: '/etc/a.pem', keyName: '/etc/a.key', areFiles: true }
    assert.deepEqual(
      withPemFiles((filesOf) => filesOf(new Certificate([read], DEFAULT_HANDSHAKE))),
      { certFile: '/etc/a.pem', keyFile: '/etc/a.key' },
    )
  })
})
