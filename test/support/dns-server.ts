// A resolver on a port of the loopback interface, UDP and TCP: says what a test has told it, and keeps what it was asked.
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { decode, encode, RECURSION_AVAILABLE, TRUNCATED_RESPONSE } from 'dns-packet'
import { portOf } from './ports.js'
import type { Answer, Packet, Question } from 'dns-packet'

export interface DnsReply {
  readonly answers?: readonly Answer[]
  readonly rcode?: number
}

const NAME_ERROR = 3
/** Of a message over UDP without EDNS. */
const MOST_BYTES = 512
const ATTEMPTS = 20

export class DnsServer {
  readonly port: number
  /** As `udp A www.test`, in order. */
  readonly asked: string[] = []
  /** No answer to anybody, as long as it is true. */
  isSilent = false
  /** What is sent before each answer over UDP. */
  strays: (query: Packet) => readonly Packet[] = () => []
  readonly #udp: UdpSocket
  readonly #tcp: Server
  readonly #streams = new Set<Socket>()
  readonly #replies = new Map<string, DnsReply>()
  #held: (() => void)[] | null = null

  /** @param port 0: any */
  static async start(port = 0): Promise<DnsServer> {
    for (let attempt = 1; ; attempt++) {
      const udp = createSocket('udp4')
      const tcp = createServer()
      try {
        udp.bind(port, '127.0.0.1')
        await once(udp, 'listening')
        tcp.listen(udp.address().port, '127.0.0.1')
        await once(tcp, 'listening')
        return new DnsServer(udp, tcp)
      } catch (error) {
        // Free for the one, and not for the other.
        udp.close()
        if (attempt === ATTEMPTS) throw error
      }
    }
  }

  private constructor(udp: UdpSocket, tcp: Server) {
    this.#udp = udp
    this.#tcp = tcp
    this.port = portOf(tcp)
    udp.on('message', (bytes, peer) => this.#answerUdp(bytes, peer))
    tcp.on('connection', (stream) => this.#serveStream(stream))
  }

  /** What it says of a name and a type from now on; nothing of a name: there is no such name. */
  set(question: `${string} ${string}`, reply: DnsReply): void {
    this.#replies.set(question, reply)
  }

  setAddresses(name: string, ips: readonly string[], ttl = 60): void {
    this.set(`A ${name}`, { answers: ips.map((data) => ({ name, type: 'A', ttl, data })) })
  }

  forget(name: string): void {
    for (const question of [...this.#replies.keys()]) {
      if (question.endsWith(` ${name}`)) this.#replies.delete(question)
    }
  }

  /** Keeps answers back until `release`. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const send of held) send()
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.destroy()
    this.#udp.close()
    await new Promise((resolve) => this.#tcp.close(resolve))
  }

  #answerUdp(bytes: Buffer, { port, address }: RemoteInfo): void {
    const query = decode(bytes)
    this.#keep(query, 'udp')
    this.#later(() => {
      const answer = this.#answer(query)
      for (const stray of this.strays(query)) this.#udp.send(encode(stray), port, address)
      const whole = encode(answer)
      this.#udp.send(whole.length > MOST_BYTES ? truncated(answer) : whole, port, address)
    })
  }

  #serveStream(stream: Socket): void {
    this.#streams.add(stream)
    let received = Buffer.alloc(0)
    stream.on('error', () => stream.destroy())
    stream.on('close', () => this.#streams.delete(stream))
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const query = decode(received.subarray(2))
      this.#keep(query, 'tcp')
      this.#later(() => {
        const bytes = encode(this.#answer(query))
        const length = Buffer.alloc(2)
        length.writeUInt16BE(bytes.length)
        stream.end(Buffer.concat([length, bytes]))
      })
    })
  }

  #keep({ questions = [] }: Packet, transport: string): void {
    for (const { type, name } of questions) this.asked.push(`${transport} ${type} ${name}`)
  }

  #later(send: () => void): void {
    if (this.isSilent) return
    if (this.#held === null) send()
    else this.#held.push(send)
  }

  #answer({ id = 0, questions = [] }: Packet): Packet {
    const [question] = questions
    const { answers = [], rcode = 0 } = question === undefined ? {} : this.#replyTo(question)
    const flags = RECURSION_AVAILABLE | rcode
    return { id, type: 'response', flags, questions, answers: [...answers] }
  }

  #replyTo({ type, name }: Question): DnsReply {
    const reply = this.#replies.get(`${type} ${name}`)
    if (reply !== undefined) return reply
    const isKnown = [...this.#replies.keys()].some((known) => known.endsWith(` ${name}`))
    return { rcode: isKnown ? 0 : NAME_ERROR }
  }
}

function truncated(answer: Packet): Buffer {
  const flags = (answer.flags ?? 0) | TRUNCATED_RESPONSE
  return encode({ ...answer, flags, answers: [] })
}
