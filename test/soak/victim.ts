// A target that can be killed at once and tells what was under way: a process of its own.
//
//   node victim.js PORT     SIGUSR2: kills itself
import { writeSync } from 'node:fs'
import { createServer } from 'node:net'

/** As long as an answer takes, so that there is something under way. */
const WORK_MS = 5
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

let underWay = 0
let hasServed = false

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    // Requests have no bodies, and are not pipelined; HTTP/1.0 is the probe of health checks.
    if (bytes.includes(' HTTP/1.0\r\n')) {
      socket.end('HTTP/1.0 200 OK\r\n\r\n')
      return
    }
    if (!hasServed) say(`serves ${Date.now()}`)
    hasServed = true
    underWay++
    setTimeout(() => {
      underWay--
      socket.write(ANSWER)
    }, WORK_MS)
  })
})
process.on('SIGUSR2', () => {
  say(`under way ${underWay}`)
  process.kill(process.pid, 'SIGKILL')
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => say(`listens ${Date.now()}`))

/** At once: what is said by other means is lost with the process. */
function say(what: string): void {
  writeSync(1, `${what}\n`)
}
