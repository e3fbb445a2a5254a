// A question over UDP: a socket of its own for each, and so a source port that nobody can foretell, connected, so that
// the system lets nobody but the resolver answer.
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { hostAndPort } from '../../util/host.js'
import { faultOf, settle, type Cancels } from './settle.js'
import type { Reply } from './message.js'
import type { DnsServer } from './settings.js'

export interface Exchange {
  readonly query: Buffer
  /** Null: not the answer; go on waiting. */
  readonly read: (bytes: Buffer) => Reply | null
  readonly timeoutMs: number
  readonly cancels: Cancels
}

/** Without EDNS a resolver sends 512 bytes; some send more, none that is honest so much. */
const MOST_BYTES = 4096
/** Datagrams that are not the answer: more of them is an attack. */
const MOST_STRAYS = 128

export function askOverUdp(server: DnsServer, exchange: Exchange): Promise<Reply> {
  const { ip, port } = server
  const peer = `UDP server ${hostAndPort(ip, port)}`
  return settle({ ...exchange, peer }, ({ done, fail }) => {
    const socket = createSocket({ type: isIPv6(ip) ? 'udp6' : 'udp4', lookup: asItIs })
    let strays = 0
    socket.unref()
    socket.on('error', (error) => fail(faultOf(error)))
    socket.on('message', (bytes) => {
      const reply = bytes.length > MOST_BYTES ? null : exchange.read(bytes)
      if (reply !== null) done(reply)
      else if (++strays >= MOST_STRAYS) fail('too many replies to other questions')
    })
    socket.connect(port, ip, (error?: Error) => {
      if (error === undefined) socket.send(exchange.query, onSent)
      else fail(faultOf(error))
    })
    const onSent = (error: Error | null): void => {
      if (error !== null) fail(faultOf(error))
    }
    return () => {
      // What comes late must have a listener; closing is what ends it.
      socket.on('error', () => undefined)
      socket.close()
    }
  })
}

type Callback = (error: Error | null, address: string, family: number) => void

/** What is asked is an address already: no way through the thread pool. */
function asItIs(ip: string, _options: unknown, callback: Callback): void {
  callback(null, ip, isIPv6(ip) ? 6 : 4)
}
