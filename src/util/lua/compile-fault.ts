// Whether Lua code compiles, in the words of LuaJIT, which Kong passes on.
import { StringDecoder } from 'node:string_decoder'
import { LuaFault } from './lexer.js'
import { Parser } from './parser.js'
import { TokenReader } from './token-reader.js'

/** What is wrong with the code: `[string "x ="]:1: unexpected symbol near '<eof>'`; nothing when it compiles. */
export function luaFault(code: string): string | undefined {
  try {
    new Parser(new TokenReader(code)).parseMain()
    return undefined
  } catch (error) {
    if (!(error instanceof LuaFault)) throw error
    return `${chunkName(code)}:${String(error.line)}: ${error.message}`
  }
}

/** LuaJIT calls a chunk by its first line, or by the first 45 bytes of that. */
function chunkName(code: string): string {
  const bytes = Buffer.from(code.slice(0, 50))
  const control = bytes.findIndex((byte) => byte < 0x20)
  if (control === -1 && bytes.length <= 48) return `[string "${code}"]`
  const shown = bytes.subarray(0, control === -1 ? 45 : Math.min(control, 45))
  // A decoder leaves half a character at the end out.
  return `[string "${new StringDecoder('utf8').write(shown)}..."]`
}
