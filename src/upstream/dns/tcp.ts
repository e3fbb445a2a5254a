// A question over TCP, for an answer that was too large for UDP: RFC 7766.
import { connect } from 'node:net'
import { hostAndPort } from '../../util/host.js'
import { faultOf, settle } from './settle.js'
import type { Reply } from './message.js'
import type { DnsServer } from './settings.js'
import type { Exchange } from './udp.js'

const LENGTH_BYTES = 2

export function askOverTcp(server: DnsServer, exchange: Exchange): Promise<Reply> {
  const { ip, port } = server
  const peer = `TCP server ${hostAndPort(ip, port)}`
  return settle({ ...exchange, peer }, ({ done, fail }) => {
    const socket = connect({ host: ip, port, noDelay: true })
    // One message is at most 64 kB; what comes behind it is not waited for.
    let received: Buffer = Buffer.alloc(0)
    socket.unref()
    socket.on('error', (error) => fail(faultOf(error)))
    socket.on('close', () => fail('closed'))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const message = firstMessage(received)
      if (message === null) return
      const reply = exchange.read(message)
      if (reply === null) fail('not the answer to the question')
      else done(reply)
    })
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt16BE(exchange.query.length)
    socket.write(Buffer.concat([length, exchange.query]))
    return () => socket.destroy()
  })
}

function firstMessage(received: Buffer): Buffer | null {
  if (received.length < LENGTH_BYTES) return null
  const end = LENGTH_BYTES + received.readUInt16BE(0)
  return received.length < end ? null : received.subarray(LENGTH_BYTES, end)
}
