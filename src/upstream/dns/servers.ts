// Puts a question to the resolvers: one after the other until one has an answer, and so often as the rules say.
import { randomInt } from 'node:crypto'
import { encodeQuestion, readReply, type Question, type Reply } from './message.js'
import { ResolverFault, type Cancels } from './settle.js'
import { askOverTcp } from './tcp.js'
import { askOverUdp, type Exchange } from './udp.js'
import type { ResolverRules } from './resolv-conf.js'
import type { DnsServer } from './settings.js'

const SUCCESS = 0
const NAME_ERROR = 3
/** Each holds a socket; the others wait for their turn. */
const MOST_AT_ONCE = 128

type Rules = Pick<ResolverRules, 'servers' | 'timeoutMs' | 'attempts' | 'rotate'>

export class Servers {
  readonly #rules: Rules
  readonly #cancels: Cancels = new Set()
  readonly #waiting: (() => void)[] = []
  #underWay = 0
  /** Where the next question goes first: past servers that have been silent. */
  #first = 0
  #isClosed = false

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /** Any answer of a resolver, also one that says no. Rejects with a ResolverFault when none came. */
  async ask(question: Question): Promise<Reply> {
    if (this.#underWay >= MOST_AT_ONCE) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve))
    } else this.#underWay++
    try {
      return await this.#askInTurn(question)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#underWay--
      else next()
    }
  }

  close(): void {
    this.#isClosed = true
    for (const cancel of [...this.#cancels]) cancel()
  }

  async #askInTurn(question: Question): Promise<Reply> {
    const { servers, attempts, rotate } = this.#rules
    const start = this.#first
    if (rotate) this.#first = (start + 1) % servers.length
    const refusals = new Map<DnsServer, Reply>()
    let fault: unknown
    for (let i = 0; i < Math.max(attempts, servers.length) && !this.#isClosed; i++) {
      const at = (start + i) % servers.length
      const server = servers[at]
      if (server === undefined || refusals.has(server)) continue
      try {
        const reply = await this.#askOne(server, question)
        if (isAnswer(reply)) {
          if (fault !== undefined) this.#first = at
          return reply
        }
        // It cannot say; another one may, but this one will not change its mind.
        refusals.set(server, reply)
      } catch (error) {
        fault = error
      }
    }
    const [refusal] = refusals.values()
    if (refusal !== undefined) return refusal
    if (fault instanceof Error) throw fault
    throw ResolverFault.of('the dns client is closed', 'the dns client is closed')
  }

  async #askOne(server: DnsServer, question: Question): Promise<Reply> {
    const id = randomInt(0x10000)
    const exchange: Exchange = {
      query: encodeQuestion(id, question),
      read: (bytes) => readReply(bytes, id, question),
      timeoutMs: this.#rules.timeoutMs,
      cancels: this.#cancels,
    }
    const reply = await askOverUdp(server, exchange)
    return reply.isTruncated ? askOverTcp(server, exchange) : reply
  }
}

function isAnswer({ rcode }: Reply): boolean {
  return rcode === SUCCESS || rcode === NAME_ERROR
}
