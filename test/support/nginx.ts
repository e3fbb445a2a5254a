// An nginx of one's own: folder, configuration and port; in the foreground, stopped by its own process id.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.js'
import { freePort } from './ports.js'
import { waitFor } from './wait.js'

export interface RunningServer {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

export interface NginxOptions {
  /** What stands in `http { }`; `folder` is the server's own. */
  readonly http?: (port: number, folder: string) => string
  /** What stands in `stream { }`, by the module of Debian's libnginx-mod-stream. */
  readonly stream?: (port: number) => string
  /** Files by name, written into the folder before the start. */
  readonly files?: Readonly<Record<string, string>>
  /** Open files of this process are the limit of nginx, too. */
  readonly connections?: number
  /** Runs the command as it says, such as on a certain core. */
  readonly wrap?: (command: readonly string[]) => readonly string[]
}

const asItIs = (command: readonly string[]): readonly string[] => command

/** One of the modules that Debian has packages of their own for. */
export const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so'

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Rejects with nginx's output when it does not start. */
export async function startNginx(options: NginxOptions): Promise<RunningServer> {
  const { files = {}, wrap = asItIs } = options
  const folder = mkdtempSync(join(tmpdir(), 'gw-nginx-'))
  // nginx's worker may run as another user.
  chmodSync(folder, 0o755)
  for (const name of TEMPORARY) mkdirSync(join(folder, name))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, port, options))
  const [program = '', ...args] = wrap(['nginx', '-p', folder, '-c', file])
  const child = new Child(program, args, { PATH: `${process.env.PATH ?? ''}:/usr/sbin` })
  const stop = async (): Promise<void> => {
    await child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await waitFor('nginx', async () => !child.isRunning || (await accepts(port)))
    if (!child.isRunning) throw new Error(`nginx ended: ${child.output}`)
    return { pid: child.pid, port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function configuration(folder: string, port: number, options: NginxOptions): string {
  const { http, stream, connections = 1024 } = options
  const paths = TEMPORARY.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')
  // In the foreground, so that it is this process's child and ends with it.
  const main = `${stream === undefined ? '' : `load_module ${STREAM_MODULE};`}
  daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr error;
  events { worker_connections ${connections}; }`
  const blocks = [
    http && `http { access_log off; ${paths} ${http(port, folder)} }`,
    stream && `stream { ${stream(port)} }`,
  ]
  return `${[main, ...blocks].filter(Boolean).join('\n')}\n`
}

/** Whether somebody listens there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false)) // refused: not listening yet
  })
}
