import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { hasColor, print } from './output.js'

/** Fails every write with that code. */
function broken(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  })
}

describe('print', () => {
  it('resolves once all is handed over', async () => {
    let written = ''
    const slow = new Writable({
      write: (chunk, _encoding, done) => {
        written += String(chunk)
        setImmediate(done)
      },
    })
    await print(slow, 'a'.repeat(1_000_000))
    assert.equal(written.length, 1_000_001)
    assert.equal(slow.listenerCount('error'), 0)
  })

  it('writes nothing for nothing', async () => {
    await print(broken('EIO'), '')
  })

  it('takes a reader who has left for one who has read enough', async () => {
    await print(broken('EPIPE'), 'text')
  })

  it('says when what was to be written is lost', async () => {
    await assert.rejects(print(broken('ENOSPC'), 'text'), /ENOSPC/)
  })
})

describe('colours', () => {
  const terminal = { isTTY: true }
  for (const [what, stream, environment, expected] of [
    ['are for terminals', terminal, {}, true],
    ['are not for files and pipes', {}, {}, false],
    ['are not for dumb terminals', terminal, { TERM: 'dumb' }, false],
    ['can be refused', terminal, { NO_COLOR: '1' }, false],
    ['are not refused by an empty variable', terminal, { NO_COLOR: '' }, true],
    ['can be demanded', {}, { FORCE_COLOR: '1' }, true],
    ['can be demanded by an empty variable', {}, { FORCE_COLOR: '' }, true],
    ['are demanded rather than refused', {}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['can be refused by FORCE_COLOR as well', terminal, { FORCE_COLOR: '0' }, false],
  ] as const) {
    it(what, () => assert.equal(hasColor(stream, environment), expected))
  }
})
