// gw hash-key: from a key to the form in which the file of key-auth-enc may hold it.
import { hashKey, MIN_KEY_CHARS, weakness } from '../util/hashed-key.js'
import { print } from './output.js'

export interface HashKeyFlags {
  readonly force?: boolean
}

/** Far more than a header may hold. */
const MAX_CHARS = 65_536

/** Returns the exit code. The key itself is in nothing that is printed. */
export async function hashKeyCommand(
  argument: string | undefined,
  { force = false }: HashKeyFlags,
): Promise<number> {
  const isArgument = argument !== undefined && argument !== '-'
  if (isArgument) {
    const way = 'printf %s "$KEY" | gw hash-key leaves no trace'
    await warn(`shells keep their history, and others see what runs here: ${way}`)
  }
  const key = isArgument ? argument : await readLine(process.stdin)
  if (key === '') return refuse('there is no key')
  if (key.length > MAX_CHARS) return refuse(`the key is longer than ${MAX_CHARS} characters`)
  if (key.trim() !== key) return refuse('the key begins or ends with a blank, which no header can')
  const fault = weakness(key)
  if (fault !== null) {
    const found = `the key is ${fault}: who has its hash can find it by trying`
    if (!force) {
      const way = `take a random one of ${MIN_KEY_CHARS} characters or more (openssl rand -hex 16)`
      return refuse(`${found}; ${way}, or say --force`)
    }
    await warn(found)
  }
  await print(process.stdout, hashKey(key))
  return 0
}

/** Up to the first line break: `echo` and editors add one that is no part of the key. */
async function readLine(stream: NodeJS.ReadStream): Promise<string> {
  stream.setEncoding('utf8')
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    const end = text.search(/[\r\n]/)
    if (end >= 0) return text.slice(0, end)
    if (text.length > MAX_CHARS) break
  }
  return text
}

function warn(message: string): Promise<void> {
  return print(process.stderr, `Warning: ${message}`)
}

async function refuse(message: string): Promise<number> {
  await print(process.stderr, `Error: ${message}`)
  return 1
}
