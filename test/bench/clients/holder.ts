// Holds connections open: each asks once, and then stays idle.
//
//   node holder.js PORT ADDRESS     (started by idle.ts; ADDRESS is where the connections come from)
import { connect } from 'node:net'
import { serve } from './process.js'

export interface HolderProtocol {
  /** How many connections there should be; fewer than there have been only counts. */
  readonly question: { readonly wanted: number }
  readonly reply: { readonly open: number }
}

const [port = '', localAddress = ''] = process.argv.slice(2)
/** So few that the server needs few connections to its target: these are open files, too. */
const AT_ONCE = 30
const PATIENCE_MS = 10_000
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

let opened = 0
let open = 0

serve<HolderProtocol>(async ({ wanted }) => {
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (opened < wanted) {
        opened++
        await openOne()
      }
    }),
  )
  return { open }
})

/** Resolves when the answer is there, or the connection has failed. */
function openOne(): Promise<void> {
  return new Promise((resolve) => {
    let received = ''
    let isOpen = false
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress, noDelay: true })
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (isOpen || !isComplete(received)) return
      isOpen = true
      open++
      socket.setTimeout(0)
      received = ''
      resolve()
    })
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (isOpen) open--
      resolve()
    })
    socket.write(REQUEST)
  })
}

function isComplete(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  const [, length = ''] = /^content-length: (\d+)/im.exec(answer) ?? []
  return end >= 0 && length !== '' && answer.length >= end + 4 + Number(length)
}
