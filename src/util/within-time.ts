// Runs work that must not take for ever, even inside one regular expression, which nothing else can interrupt.
import { createContext, Script, type Context } from 'node:vm'

const call = new Script('work()')
// Takes a few milliseconds to make; nothing of ours is compiled in it.
let context: Context | undefined

/** False when the work was cut off after that time; what it had done by then stays done. */
export function withinTime(milliseconds: number, work: () => void): boolean {
  context ??= createContext({})
  context.work = work
  try {
    call.runInContext(context, { timeout: milliseconds })
    return true
  } catch (error) {
    if (isTimeout(error)) return false
    throw error
  } finally {
    context.work = undefined
  }
}

/** The error comes from the context, whose classes are not ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
