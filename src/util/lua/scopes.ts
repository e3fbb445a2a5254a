// Which locals, labels and loops a place in Lua code sees: enough to judge `goto` and `break` as LuaJIT 2.1 does.
import { LuaFault } from './lexer.js'

/** LuaJIT: of locals, of names on the left of one `=`, and of levels of syntax. */
export const LIMIT = 200

/** The name that a break jumps to; no label can be called so. */
const BREAK = 'break'

interface Jump {
  readonly line: number
  /** Counts the jumps of a function in order of the source. */
  readonly order: number
  /** How many locals live where it stands or, once blocks around it have ended, where the last of them began. */
  locals: number
}

/** By the name of a label that has not been met yet. */
type Jumps = Map<string, Jump[]>

interface Block {
  readonly outer: Block | null
  readonly isLoop: boolean
  /** How many locals there were before it. */
  readonly locals: number
  readonly labels: Set<string>
  readonly jumps: Jumps
}

/** The scopes of one function, or of the main chunk. */
export class FunctionScopes {
  isVararg: boolean
  readonly #line: number
  readonly #locals: string[] = []
  #block: Block = newBlock(null, 0, false)
  #jumpCount = 0

  /** @param line where the function begins; 0 for the main chunk */
  constructor(line: number, isVararg: boolean) {
    this.#line = line
    this.isVararg = isVararg
  }

  openBlock(kind?: 'loop'): void {
    this.#block = newBlock(this.#block, this.#locals.length, kind === 'loop')
  }

  /** What still jumps is up to the block around, which takes it for a jump from where this one began. */
  closeBlock(): void {
    const { outer, locals } = this.#block
    if (outer === null) return
    for (const [name, jumps] of this.#openJumps()) {
      for (const jump of jumps) {
        jump.locals = locals
        addTo(outer.jumps, name, jump)
      }
    }
    this.#locals.length = locals
    this.#block = outer
  }

  /** Ends the function. Throws for its first jump that leads nowhere. */
  close(): void {
    const open = [...this.#openJumps()].flatMap(([name, jumps]) =>
      jumps.map((jump) => ({ ...jump, name })),
    )
    const [first] = open.sort((a, b) => a.order - b.order)
    if (first === undefined) return
    const { name, line } = first
    throw new LuaFault(line, name === BREAK ? 'no loop to break' : `undefined label '${name}'`)
  }

  #openJumps(): Jumps {
    const { isLoop, labels, jumps } = this.#block
    if (isLoop) jumps.delete(BREAK)
    for (const label of labels) jumps.delete(label)
    return jumps
  }

  /**
   * Throws when there is no room for one more local.
   * @param pending how many the statement has named that do not live yet
   */
  checkRoom(pending: number, line: number): void {
    this.checkLimit(this.#locals.length + pending, 'local variables', line)
  }

  checkLimit(count: number, what: string, line: number): void {
    if (count < LIMIT) return
    const who = this.#line === 0 ? 'main function' : `function at line ${String(this.#line)}`
    throw new LuaFault(line, `${who} has more than ${String(LIMIT)} ${what}`)
  }

  addLocals(names: readonly string[]): void {
    this.#locals.push(...names)
  }

  addBreak(line: number): void {
    this.addGoto(BREAK, line)
  }

  addGoto(label: string, line: number): void {
    const jump = { line, order: this.#jumpCount++, locals: this.#locals.length }
    addTo(this.#block.jumps, label, jump)
  }

  addLabel(label: string, line: number): void {
    const { labels } = this.#block
    if (labels.has(label)) throw new LuaFault(line, `duplicate label '${label}'`)
    labels.add(label)
  }

  /** @param isLast a label at the very end of a block counts as outside of the block's locals */
  resolveLabel(label: string, isLast: boolean): void {
    const { jumps, locals } = this.#block
    const landing = isLast ? locals : this.#locals.length
    const tooEarly = jumps.get(label)?.find((jump) => jump.locals < landing)
    jumps.delete(label)
    if (tooEarly === undefined) return
    const local = this.#locals[tooEarly.locals] ?? ''
    const message = `<goto ${label}> jumps into the scope of local '${local}'`
    throw new LuaFault(tooEarly.line, message)
  }
}

function newBlock(outer: Block | null, locals: number, isLoop: boolean): Block {
  return { outer, isLoop, locals, labels: new Set(), jumps: new Map() }
}

function addTo(jumps: Jumps, name: string, jump: Jump): void {
  const known = jumps.get(name)
  if (known === undefined) jumps.set(name, [jump])
  else known.push(jump)
}
